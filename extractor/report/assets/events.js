// The events: what happened, what did not, and what was said, each with its sources.

const AGREEMENT = {
  agreed: ['=', 'agreed'],
  single_source: ['1', 'one source'],
  varied: ['≈', 'in other words'],
  conflict: ['≠', 'in conflict'],
  // A status that differs is no contradiction: reports tell of different stages.
  stages: ['≈', 'by stage'],
};

const badge = (standing, label) => h('span', { class: `badge ${standing}` }, icon(standing), label);
// What people leave is not what they act upon.
const joint = (event) => (event.kind === 'departure' ? h('span', { class: 'arrow' }, ' leaving ') : arrow());
const arrow = () => h('span', { class: 'arrow' }, h('span', { 'aria-hidden': 'true' }, ' → '), hidden(' to '));

// A button that leads to the words of a field, or of the whole record, in its article.
function source(record, field, event) {
  const { exact } = field ? wordsOf(record, field) : { exact: true };
  const article = articles[record.article];
  const what = field ? (data.labels[field] ?? field).toLowerCase() : 'evidence';
  return h(
    'button',
    {
      type: 'button',
      class: exact ? 'source' : 'source loose',
      'data-record': record.number,
      'data-field': field,
      title: [article.headline, article.name].filter(Boolean).join(' – '),
      click: (click) => openWords(record, field, event, click.currentTarget),
    },
    bdi(article.short),
    hidden(`: ${exact ? 'words' : 'passage'} of ${what}`),
  );
}

const sources = (members, field, event) =>
  h(
    'span',
    { class: 'sources' },
    members.map((member) => source(records[member], field, event)),
  );

function lines(parts) {
  return parts.length === 1
    ? h('span', { dir: 'auto' }, parts[0])
    : h(
        'ul',
        { class: 'parts' },
        parts.map((part) => h('li', { dir: 'auto' }, part)),
      );
}

function who(event) {
  const from = fromOf(event);
  const to = toOf(event);
  if (!from && !to) return null;
  return h(
    'p',
    { class: 'who' },
    from ? bdi(from) : h('span', { class: 'unknown' }, 'somebody'),
    to ? [joint(event), bdi(to)] : null,
  );
}

const toEvent = (event, text, because) =>
  h('a', { href: `#event-${event.number}`, 'data-event': event.number, title: because }, bdi(text));

const isDisputed = (event) => groupOf(event) === 'disputed';
const conflictsOf = (event) => event.fields.filter(([, agreement]) => agreement === 'conflict');

function kicker(event) {
  const differing = conflictsOf(event).map(([field]) => data.labels[field].toLowerCase());
  return h(
    'p',
    { class: 'kicker' },
    isDisputed(event)
      ? h('span', { class: 'badge conflict' }, icon('conflict'), 'Done by one source, not by another')
      : badge(event.standing, statusLabel(event.status)),
    event.date ? h('span', { class: 'date' }, event.date) : h('span', { class: 'date unknown' }, 'no date'),
    h('span', { class: 'told' }, counted(event.articles.length, 'source')),
    differing.length
      ? h('span', { class: 'badge conflict' }, icon('conflict'), `Sources in conflict: ${differing.join(', ')}`)
      : null,
  );
}

// A step's day or, where none can be told, the article's words in its place.
const dayNode = (label, words) => label ?? h('span', { class: 'unknown' }, words ? ['“', bdi(words), '”'] : 'undated');

function history(event) {
  if (event.standing === 'said' || event.history.length < 2) return null;
  const stages = new Map();
  for (const [status, day, label, by, record, words] of event.history) {
    const key = `${day ?? ''} ${words ?? ''} ${status}`;
    if (!stages.has(key)) stages.set(key, { status, day: dayNode(label, words), by: new Set(), records: [] });
    const stage = stages.get(key);
    if (by) stage.by.add(by);
    stage.records.push(record);
  }
  return h(
    'ol',
    { class: 'history', 'aria-label': 'How far it had come' },
    [...stages.values()].map((stage) =>
      h(
        'li',
        { class: standingOfStep(event, stage.status) },
        h('span', { class: 'step' }, icon(standingOfStep(event, stage.status)), statusLabel(stage.status)),
        h('span', {}, stage.day),
        h(
          'span',
          {},
          stage.by.size ? [bdi([...stage.by].join(', ')), ' '] : null,
          sources(stage.records, 'status', event),
        ),
      ),
    ),
  );
}

function links(event) {
  if (!event.links.length) return null;
  const byPhrase = new Map();
  for (const [phrase, other, because] of event.links)
    byPhrase.set(phrase, [...(byPhrase.get(phrase) ?? []), { other: events[other], because }]);
  return h(
    'dl',
    { class: 'links' },
    [...byPhrase].map(([phrase, linked]) => [
      h('dt', {}, phrase),
      linked.map(({ other, because }) =>
        h(
          'dd',
          {},
          toEvent(other, clipped(titleOf(other), 90), because),
          other.standing === 'said' ? null : [' ', badge(other.standing, statusLabel(other.status))],
        ),
      ),
    ]),
  );
}

const clipped = (text, length) => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

// What the data give for a field that sources differ in, and by which rule.
const heldLine = (held) =>
  held
    ? h(
        'p',
        { class: 'held' },
        'In the data: ',
        h('span', { dir: 'auto' }, held[0].join(', ')),
        held[1] ? ` – ${held[1]}` : '',
      )
    : null;

function fieldRow(event, [field, agreement, values, held]) {
  const [sign, words] = field === 'status' && agreement === 'varied' ? AGREEMENT.stages : AGREEMENT[agreement];
  return h(
    'tr',
    { class: agreement, 'data-field': field },
    h('th', { scope: 'row' }, data.labels[field] ?? field),
    h(
      'td',
      {},
      values.map(([parts, members]) => h('div', { class: 'value' }, lines(parts), ' ', sources(members, field, event))),
      heldLine(held),
    ),
    h('td', { class: 'agreement' }, h('span', { class: 'sign', 'aria-hidden': 'true' }, sign), ` ${words}`),
  );
}

function passages(event) {
  return h(
    'ul',
    { class: 'passages' },
    event.members.map((member) => {
      const record = records[member];
      const notes = [
        record.background ? 'told as background' : null,
        record.by ? `credited to ${record.by}` : null,
        record.codes,
      ];
      return h(
        'li',
        {},
        record.evidence.map((span) => [
          h('q', dirOf(record.article), textOf(record.article, span)),
          span.length > 2 ? h('span', { class: 'small' }, ' (quoted with a slip)') : null,
          ' ',
        ]),
        source(record, null, event),
        h(
          'span',
          { class: 'small' },
          notes.filter(Boolean).map((note) => [' · ', bdi(note)]),
        ),
      );
    }),
  );
}

// All fields with all values; made when it is first opened.
function details(event) {
  const content = h('div', { class: 'all' });
  const box = h(
    'details',
    {},
    h('summary', {}, 'All fields, sources and passages', hidden(` of ${clipped(event.title, 60)}`)),
    content,
  );
  box.fill = () => {
    if (content.childElementCount) return;
    filled(content, {}, [
      h(
        'table',
        { class: 'fields' },
        h(
          'thead',
          { class: 'vh' },
          h(
            'tr',
            {},
            ['Field', 'What the sources give', 'Agreement'].map((name) => h('th', { scope: 'col' }, name)),
          ),
        ),
        h(
          'tbody',
          {},
          event.fields.map((field) => fieldRow(event, field)),
        ),
      ),
      h('h5', {}, 'Passages that carry it'),
      passages(event),
      event.undecided
        ? h(
            'p',
            { class: 'held' },
            'Fits this event as well as another, and so joined neither: ',
            sources(event.undecided, null, event),
          )
        : null,
      h('p', { class: 'id' }, event.id),
    ]);
  };
  box.addEventListener('toggle', () => box.open && box.fill());
  return box;
}

// Of a record's passages the one that the words of most of its fields stand in, or else the longest.
function tellingPassage({ evidence, spans }) {
  const fieldsIn = ([start, end]) =>
    new Set(spans.filter(([, from, to]) => start <= from && to <= end).map(([path]) => paths[path].split('/')[1]));
  const worth = (passage) => 10_000 * fieldsIn(passage).size + passage[1] - passage[0];
  return evidence.reduce((best, passage) => (worth(passage) > worth(best) ? passage : best));
}

// A record's passages as far as they fit, the most telling one first of all, in the article's order.
const MOST_QUOTED = 420;

function tellingWords(record) {
  const chosen = [tellingPassage(record)];
  let length = chosen[0][1] - chosen[0][0];
  for (const passage of record.evidence) {
    const longer = length + passage[1] - passage[0];
    if (chosen.includes(passage) || longer > MOST_QUOTED) continue;
    chosen.push(passage);
    length = longer;
  }
  const words = chosen.sort((a, b) => a[0] - b[0]).map((passage) => textOf(record.article, passage));
  return clipped(`${/^\p{Ll}/u.test(words[0]) ? '… ' : ''}${words.join(' […] ')}`, MOST_QUOTED);
}

// What did not happen never stands in a headline as if it had.
function headline(event) {
  const told =
    event.standing === 'done' && !isDisputed(event)
      ? event.title
      : `${isDisputed(event) ? 'Disputed' : statusLabel(event.status)}: ${event.title.slice(0, 1).toLowerCase()}${event.title.slice(1)}`;
  return h('h4', { id: `title-${event.number}`, dir: 'auto' }, told);
}

// The words of the record that settles the status; where that is disputed, those of either side.
function leadsOf(event) {
  if (!isDisputed(event)) return [event.lead];
  const sides = new Map(event.history.map(([status, , , , record]) => [standingOfStep(event, status), record]));
  return ['done', 'off'].filter((side) => sides.has(side)).map((side) => sides.get(side));
}

function leadQuote(event, lead) {
  const record = records[lead];
  if (!record.evidence.length) return null;
  return h(
    'blockquote',
    {},
    h('p', dirOf(record.article), tellingWords(record)),
    h('footer', {}, source(record, null, event)),
  );
}

function act(event) {
  const differing = conflictsOf(event);
  return h(
    'article',
    {
      class: `event ${isDisputed(event) ? 'disputed' : event.standing}`,
      id: `event-${event.number}`,
      'aria-labelledby': `title-${event.number}`,
      tabindex: '-1',
    },
    kicker(event),
    headline(event),
    who(event),
    differing.map(([field, , values, held]) =>
      h(
        'div',
        { class: 'differs' },
        h(
          'p',
          {},
          h('strong', {}, `${data.labels[field]}: `),
          values.map(([parts, members], place) => [
            place ? ' — or ' : '',
            h('span', { dir: 'auto' }, parts.join(', ')),
            ' ',
            sources(members, field, event),
          ]),
        ),
        heldLine(held),
      ),
    ),
    leadsOf(event).map((lead) => leadQuote(event, lead)),
    history(event),
    links(event),
    details(event),
  );
}

function utterance(event) {
  return h(
    'article',
    { class: 'event said', id: `event-${event.number}`, 'aria-labelledby': `title-${event.number}`, tabindex: '-1' },
    kicker(event),
    who(event),
    h('h4', { id: `title-${event.number}`, dir: 'auto' }, event.title),
    h('p', { class: 'by' }, sources(event.members, null, event)),
    links(event),
    details(event),
  );
}

const make = (event) => (event.standing === 'said' ? utterance(event) : act(event));

const GROUPS = [
  ['disputed', 'What is disputed', 'Acts that one source tells as done, and another as denied or ruled out.'],
  ['done', 'What happened', 'Acts that the articles tell as ordered or done.'],
  [
    'open',
    'What did not happen, as far as told',
    'Acts proposed, threatened, announced or imagined, and those ruled out or denied.',
  ],
  ['said', 'What was said', 'Statements: true as sayings, whatever they say.'],
];
const compared = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const byDate = (a, b) => compared(a.days?.[0] ?? '9999', b.days?.[0] ?? '9999') || a.number - b.number;
const ORDERS = {
  conflict: (a, b) => b.inConflict - a.inConflict || b.articles.length - a.articles.length || byDate(a, b),
  date: byDate,
  sources: (a, b) => b.articles.length - a.articles.length || byDate(a, b),
};
const groupBoxes = new Map();

function showEvents(found) {
  const order = ORDERS[byId('order').value];
  groupBoxes.clear();
  const groups = GROUPS.map(([kind, title, note]) => {
    const members = found.filter((event) => groupOf(event) === kind).sort(order);
    if (!members.length) return null;
    const box = growing(members, 25, kind === 'said' ? 'statements' : 'events', make, 'div', 'list cards');
    groupBoxes.set(kind, box);
    return h(
      'section',
      { class: `group ${kind}`, 'aria-labelledby': `group-${kind}` },
      h('h3', { id: `group-${kind}` }, title, ' ', h('span', { class: 'number' }, members.length.toLocaleString('en'))),
      h('p', { class: 'intro' }, note),
      box,
    );
  });
  byId('event-groups').replaceChildren(...groups.filter(Boolean));
  if (!found.length)
    byId('event-groups').append(
      h('p', { class: 'note' }, events.length ? 'No event fits these filters.' : 'The articles tell of no events.'),
    );
}

// Lead to an event wherever it stands: filters that hide it are cleared, and its list is shown as far as to it.
function goToEvent(number, field) {
  const event = events[number];
  if (!event) return;
  if (!current.includes(event)) clearFilters();
  groupBoxes.get(groupOf(event)).showItem(event);
  const card = byId(`event-${number}`);
  let target = card;
  if (field !== undefined) {
    const box = card.querySelector('details');
    box.open = true;
    box.fill();
    target = (field && card.querySelector(`tr[data-field="${CSS.escape(field)}"] .source`)) || card;
  }
  if (target !== card) card.scrollIntoView({ block: 'start' });
  target.focus({ preventScroll: target === card });
  target.scrollIntoView({ block: target === card ? 'start' : 'center' });
  card.classList.add('found');
  setTimeout(() => card.classList.remove('found'), 1500);
}
