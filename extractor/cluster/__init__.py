"""Many articles on many machines: Ray Data reads and extracts, one governor and one keeper of answers for all.

The only package that imports Ray, and imported only where that engine is asked for.
"""

import os

# Ray looks at these as it is loaded. What was repeated would else be told as the program ends, and what is still under
# way when a run is interrupted would start another Ray.
os.environ.setdefault("RAY_DEDUP_LOGS", "0")
os.environ.setdefault("RAY_ENABLE_AUTO_CONNECT", "0")
