// The reader: an article's text with what was drawn from it, from a field to its words and back.

const reader = byId('reader');
const narrow = matchMedia('(max-width: 1079px)');
let cameFrom = null;
let opened = null;

// The places where a passage begins or ends cut the text into segments; each knows all that lie over it.
function segmentsOf(number) {
  const { text } = articles[number];
  const marks = [];
  for (const record of recordsOf[number]) {
    for (const [start, end] of record.evidence) marks.push({ start, end, record, path: null });
    for (const [path, start, end] of record.spans) marks.push({ start, end, record, path: paths[path] });
  }
  const cuts = [...new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  const at = new Map(cuts.map((cut, place) => [cut, place]));
  const over = cuts.map(() => []);
  for (const mark of marks) {
    for (let place = at.get(mark.start); place < at.get(mark.end); place += 1) over[place].push(mark);
  }
  return cuts.slice(0, -1).map((start, place) => ({ start, end: cuts[place + 1], marks: over[place] }));
}

function segmentClass(marks) {
  const evidence = marks.filter((mark) => mark.path === null);
  const kinds = new Set(
    evidence.map((mark) => (mark.record.event === undefined ? 'open' : kindOf(events[mark.record.event]))),
  );
  const kind = ['done', 'open', 'said'].find((name) => kinds.has(name));
  return [
    'words',
    kind ? `evidence ${kind}` : '',
    new Set(evidence.map((mark) => mark.record)).size > 1 ? 'several' : '',
    marks.some((mark) => mark.path !== null) ? 'field' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

const fieldOf = (path) => {
  const head = path.split('/')[1];
  return Object.keys(data.wordsOf).find((name) => data.wordsOf[name] === head) ?? head;
};

// A segment's pieces, each with the paragraph that it stands in: line ends part paragraphs.
function segmentNodes(number, segment, paragraphs) {
  articles[number].text
    .slice(segment.start, segment.end)
    .split('\n')
    .forEach((piece, place) => {
      if (place) paragraphs.push(h('p', { dir: 'auto' }));
      const shown = piece.replaceAll('\r', '');
      if (!shown) return;
      paragraphs.at(-1).append(segment.marks.length ? link(segment, shown) : shown);
    });
}

function link(segment, shown) {
  // Only where a passage begins does the keyboard stop; else every comma of it would be a stop of its own.
  const begins = segment.marks.some((mark) => mark.start === segment.start);
  // What is between words is no link: it has no name that could be read out.
  const words = /[\p{L}\p{N}]/u.test(shown);
  const props = words ? { href: '#events', tabindex: begins ? null : '-1' } : {};
  const click = (event) => {
    event.preventDefault();
    fromWords(segment);
  };
  const element = h(words ? 'a' : 'span', { class: segmentClass(segment.marks), ...props, click }, shown);
  element.segment = segment;
  return element;
}

function articleText(number) {
  const paragraphs = [h('p', { dir: 'auto' })];
  for (const segment of segmentsOf(number)) segmentNodes(number, segment, paragraphs);
  return h(
    'div',
    { class: 'text', lang: articles[number].lang ?? null },
    paragraphs.filter((paragraph) => paragraph.childNodes.length),
  );
}

function showArticle(number) {
  if (opened === number) return;
  opened = number;
  const article = articles[number];
  byId('reader-title').textContent = article.name;
  byId('reader-meta').replaceChildren(
    ...(article.by ? [bdi(article.by), ' · '] : []),
    [article.dated, counted(recordsOf[number].length, 'record')].join(' · '),
  );
  const original = byId('reader-original');
  original.hidden = !article.url;
  original.replaceChildren(
    article.url
      ? h('a', { href: article.url, rel: 'noopener noreferrer', target: '_blank' }, 'Where it was published')
      : '',
  );
  byId('reader-text').replaceChildren(
    article.text.trim() ? articleText(number) : h('p', { class: 'note' }, article.failure ?? 'There is no text.'),
  );
  byId('reader-text').scrollTop = 0;
}

function openReader(from) {
  cameFrom = from;
  const back = byId('back');
  back.hidden = !from && !narrow.matches;
  back.textContent = from?.hasAttribute('data-record') ? 'Back to the event' : 'Back to the list';
  byId('reader-notes').hidden = true;
  reader.classList.add('is-open');
  coverPage(narrow.matches);
}

// On a narrow screen the reader covers the page, which then must not be reached behind it.
function coverPage(covered) {
  for (const element of [
    byId('main'),
    byId('toolbar'),
    document.querySelector('.masthead'),
    document.querySelector('footer'),
  ])
    element.inert = covered;
  document.body.classList.toggle('covered', covered);
  if (covered) {
    reader.setAttribute('role', 'dialog');
    reader.setAttribute('aria-modal', 'true');
  } else {
    reader.removeAttribute('role');
    reader.removeAttribute('aria-modal');
  }
}

function closeReader() {
  reader.classList.remove('is-open');
  coverPage(false);
  clearHits();
  byId('back').hidden = true;
  byId('reader-notes').hidden = true;
  const from = cameFrom;
  cameFrom = null;
  if (!from) return;
  if (from.isConnected) from.focus();
  else if (from.hasAttribute('data-record'))
    goToEvent(records[from.getAttribute('data-record')].event, from.getAttribute('data-field') ?? '');
}

const clearHits = () => reader.querySelectorAll('.hit').forEach((element) => element.classList.remove('hit'));

function openArticle(number, from) {
  showArticle(number);
  openReader(from);
  clearHits();
  byId('reader-text').focus({ preventScroll: true });
}

function openWords(record, field, event, from) {
  showArticle(record.article);
  openReader(from);
  clearHits();
  const { spans } = field ? wordsOf(record, field) : { spans: record.evidence };
  const hits = [...reader.querySelectorAll('.words')].filter(({ segment }) =>
    spans.some(([start, end]) => start <= segment.start && segment.end <= end),
  );
  hits.forEach((element) => element.classList.add('hit'));
  if (!hits.length) return;
  (hits.find((element) => element.href) ?? hits[0]).focus({ preventScroll: true });
  const box = byId('reader-text');
  box.scrollTop += hits[0].getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
}

// From words back to what was drawn from them; where that is several things, the reader chooses.
function fromWords(segment) {
  const drawn = new Map();
  const shortest = [...segment.marks].sort((a, b) => a.end - a.start - (b.end - b.start));
  for (const { record, path } of shortest) {
    if (record.event === undefined) continue;
    const field = path === null ? null : fieldOf(path);
    drawn.set(`${record.event} ${field}`, { event: events[record.event], field });
  }
  const found = [...drawn.values()];
  if (found.length === 1) {
    leaveFor(found[0]);
    return;
  }
  const notes = byId('reader-notes');
  notes.replaceChildren(
    h('p', {}, found.length ? 'These words are:' : 'No event was made of these words.'),
    h(
      'ul',
      {},
      found.map((item) =>
        h(
          'li',
          {},
          h(
            'button',
            { type: 'button', click: () => leaveFor(item) },
            item.field ? `${data.labels[item.field] ?? item.field.replaceAll('_', ' ')} of ` : 'evidence of ',
            bdi(clipped(titleOf(item.event), 80)),
          ),
        ),
      ),
    ),
  );
  notes.hidden = false;
  notes.querySelector('button')?.focus();
}

function leaveFor({ event, field }) {
  cameFrom = null;
  closeReader();
  goToEvent(event.number, field ?? '');
}
