// The page put together: filters, ways to events, printing.

let current = events;

// The events at once; the other parts one after the other, so that the page answers in between.
const LATER = [showTimeline, showNetwork, showDifferences, showArticles, showRejected];
let left = [];
let next = 0;

function show() {
  current = matching();
  tellCount(current);
  showEvents(current);
  left = [...LATER];
  byId('main').ariaBusy = 'true';
  clearTimeout(next);
  next = setTimeout(showNext);
}

function showNext() {
  left.shift()?.(current);
  if (left.length) next = setTimeout(showNext);
  else byId('main').ariaBusy = null;
}

function showRest() {
  while (left.length) showNext();
}

function clearFilters() {
  form.reset();
  chosen.pair = null;
  readForm();
  show();
}

function chooseDates(from, to) {
  form.elements.from.value = from;
  form.elements.to.value = to;
  readForm();
  show();
  showRest();
  byId('bars').querySelector('button')?.focus();
}

function choosePair(pair) {
  chosen.pair = pair;
  show();
  (pair ? byId('pair').querySelector('button') : byId('count')).focus();
  if (pair) byId('events').scrollIntoView();
}

// Typing is answered when it pauses, so that no letter waits for the letters before it.
let waiting = 0;
form.addEventListener('input', (input) => {
  clearTimeout(waiting);
  byId('main').ariaBusy = 'true';
  waiting = setTimeout(
    () => {
      readForm();
      show();
    },
    input.target.matches('[type=search], [type=text]') ? 150 : 0,
  );
});
form.addEventListener('submit', (submit) => submit.preventDefault());
byId('clear').addEventListener('click', clearFilters);
byId('order').addEventListener('change', () => showEvents(current));
byId('varied').addEventListener('change', () => showDifferences(current));
byId('back').addEventListener('click', closeReader);

const toggle = byId('filter-toggle');
function openFilters(isOpen) {
  form.hidden = !isOpen;
  toggle.setAttribute('aria-expanded', String(isOpen));
}
toggle.addEventListener('click', () => openFilters(form.hidden));

document.addEventListener('click', (click) => {
  const link = click.target.closest?.('a[data-event]');
  if (!link) return;
  click.preventDefault();
  goToEvent(Number(link.getAttribute('data-event')));
});
document.addEventListener('keydown', (key) => {
  if (key.key === 'Escape' && reader.classList.contains('is-open')) closeReader();
});
narrow.addEventListener('change', () => coverPage(narrow.matches && reader.classList.contains('is-open')));

// An event's own address: report.html#evt-1b8c57b0e686.
function followAddress() {
  const place = location.hash.slice(1);
  const event = eventOfId.get(place);
  if (event) goToEvent(event.number);
  if (event || !place) return;
  // A part's place is known when those before it are filled.
  showRest();
  document.querySelector(`main > #${CSS.escape(place)}`)?.scrollIntoView();
}
addEventListener('hashchange', followAddress);

// On paper there is nothing to click: what was left for a click is filled in, within reason.
const MOST_PRINTED = 200;
const MOST_TEXTS = 40;
addEventListener('beforeprint', () => {
  showRest();
  if (papers) papers.open = true;
  for (const box of groupBoxes.values()) box.showUpTo(MOST_PRINTED);
  document.querySelectorAll('.event:not(.said) details').forEach((box) => {
    box.open = true;
    box.fill();
  });
  const told = [...new Set(current.flatMap((event) => event.articles))].sort((a, b) => a - b);
  byId('article-texts').replaceChildren(
    ...told
      .slice(0, MOST_TEXTS)
      .map((number) =>
        h('div', { class: 'printed' }, h('h3', { dir: 'auto' }, articles[number].name), articleText(number)),
      ),
    told.length > MOST_TEXTS
      ? h('p', { class: 'note' }, `${told.length - MOST_TEXTS} more articles are not printed; filter to print them.`)
      : '',
  );
});
addEventListener('afterprint', () => byId('article-texts').replaceChildren());

// What the text filter looks in is made while nothing else is to be done, so that its first use is as fast as others.
function prepare(from) {
  for (const event of events.slice(from, from + 200)) haystack(event);
  if (from < events.length) idle(() => prepare(from + 200));
}
const idle = window.requestIdleCallback ?? ((task) => setTimeout(task, 50));

// The list of sources, where the page has one: it explains the marks beside every value.
const papers = byId('papers');
if (papers) papers.open = !narrow.matches;
document
  .querySelectorAll('[data-article]')
  .forEach((button) =>
    button.addEventListener('click', () => openArticle(Number(button.getAttribute('data-article')), button)),
  );

fillActorNames();
openFilters(!narrow.matches);
idle(() => prepare(0));
byId('count').tabIndex = -1;
show();
if (articles.length)
  showArticle(
    Math.max(
      0,
      recordsOf.findIndex((told) => told.length),
    ),
  );
followAddress();
