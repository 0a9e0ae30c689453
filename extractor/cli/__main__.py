"""`python -m extractor.cli` is `extract`."""

from extractor.cli import main

if __name__ == "__main__":
    main()
