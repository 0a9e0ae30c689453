// Where sources disagree: each value with its sources, in their own words, side by side.

const DIFFERING_LINKS = { denies: 'denies', contradicts: 'says otherwise than' };
const TOLD = { varied: 'told in other words', stages: 'told at different stages' };
const GRAVEST = { conflict: 0, stages: 1, contradicts: 2, denies: 3, varied: 4 };

function differencesOf(found) {
  const varied = byId('varied').checked;
  const rows = found.flatMap((event) => [
    ...(event.contested ? [{ event, kind: 'conflict', title: 'Whether it happened', columns: byStatus(event) }] : []),
    ...(hasStages(event) ? [{ event, kind: 'stages', title: 'How far it had come', columns: byStatus(event) }] : []),
    ...event.fields
      .filter(
        ([field, agreement]) => agreement === 'conflict' || (varied && agreement === 'varied' && field !== 'status'),
      )
      .map((field) => ofField(event, field)),
    ...Object.keys(DIFFERING_LINKS).flatMap((type) => ofLinks(event, type)),
  ]);
  return rows.sort((a, b) => GRAVEST[a.kind] - GRAVEST[b.kind]);
}

// Told as done by one source and as announced, proposed or ruled out by another: each as of its day.
const hasStages = (event) =>
  event.standing !== 'said' &&
  !event.contested &&
  new Set(event.history.map(([status]) => standingOfStep(event, status))).size > 1;

function ofField(event, [field, agreement, values, held]) {
  const columns = values.map(([value, members], place) => ({
    head: `Reading ${place + 1}`,
    readings: [{ value, members, field, event }],
  }));
  return { event, kind: agreement, title: data.labels[field], columns, held };
}

function byStatus(event) {
  const by = new Map();
  for (const [status, , , , record] of event.history) by.set(status, [...(by.get(status) ?? []), record]);
  return [...by].map(([status, members], place) => ({
    head: `Reading ${place + 1}`,
    readings: [{ value: [statusLabel(status)], members, field: 'status', event }],
  }));
}

// An utterance against those that it denies or contradicts, whose readings stand under each other.
function ofLinks(event, type) {
  const against = event.links.filter((link) => link[3] === type);
  if (!against.length) return [];
  const readings = against.map(([, other]) => said(events[other]));
  const because = [...new Set(against.map(([, , reason]) => reason))].join('; ');
  return [
    {
      event,
      kind: type,
      columns: [
        { head: 'Said', readings },
        { head: statusLabel(event.status), readings: [said(event)] },
      ],
      because,
      others: against.map(([, other]) => events[other]),
    },
  ];
}

const said = (event) => ({ value: [event.title], who: fromOf(event), members: event.members, field: null, event });

function reading({ value, who: speaker, members, field, event }) {
  const record = records[members.includes(event.lead) ? event.lead : members[0]];
  return h(
    'div',
    { class: 'reading' },
    speaker ? h('p', { class: 'speaker' }, bdi(speaker)) : null,
    h('div', { class: 'says' }, lines(value)),
    record.evidence.length ? h('blockquote', dirOf(record.article), context(record, field)) : null,
    sources(members, field, event),
  );
}

// The passage around a field's words, which stand out in it; long ones are cut between words.
function context(record, field) {
  const { spans, exact } = wordsOf(record, field);
  const { text } = articles[record.article];
  const [start, end] = spans[0];
  const around = record.evidence.find(([first, last]) => first <= start && end <= last);
  // Whose word a status is does not tell the status.
  if (!field || field === 'status' || !exact || !around) return tellingWords(record);
  const before = text.slice(Math.max(around[0], start - 140), start);
  const after = text.slice(end, Math.min(around[1], end + 140));
  return [
    start - 140 > around[0] ? `… ${before.replace(/^\S*\s/, '')}` : before,
    h('mark', {}, text.slice(start, end)),
    end + 140 < around[1] ? `${after.replace(/\s\S*$/, '')} …` : after,
  ];
}

function heading({ event, kind, others }) {
  if (!others)
    return [toEvent(event, clipped(titleOf(event), 110)), ' ', h('span', { class: 'small' }, event.date ?? '')];
  const whom = [...new Set(others.map((other) => fromOf(other)).filter(Boolean))].join(', ');
  return [
    toEvent(event, `${fromOf(event) ?? 'Somebody'} ${DIFFERING_LINKS[kind]} ${clipped(whom, 90) || 'what is said'}`),
  ];
}

function columnHead({ head, readings }) {
  const told = new Set(readings.flatMap(({ members }) => members.map((member) => records[member].article)));
  return h('th', { scope: 'col' }, `${head} `, h('span', { class: 'small' }, counted(told.size, 'source')));
}

function difference(row) {
  const { kind, title, columns, held, because } = row;
  const caption = title
    ? [
        kind === 'conflict' ? icon('conflict') : null,
        title,
        kind in TOLD ? h('span', { class: 'small' }, ` ${TOLD[kind]}`) : null,
      ]
    : hidden('Both sides');
  return h(
    'div',
    { class: `difference ${kind}` },
    h('h3', {}, heading(row)),
    h(
      'div',
      { class: 'scroll', role: 'group', tabindex: '0', 'aria-label': `${title ?? 'Both sides'}, side by side` },
      h(
        'table',
        { class: columns.length > 2 ? 'many' : null },
        h('caption', {}, caption),
        h('thead', {}, h('tr', {}, columns.map(columnHead))),
        h(
          'tbody',
          {},
          h(
            'tr',
            {},
            columns.map(({ readings }) => h('td', {}, readings.map(reading))),
          ),
        ),
      ),
    ),
    heldLine(held),
    because ? h('p', { class: 'held' }, because) : null,
  );
}

function showDifferences(found) {
  const rows = differencesOf(found);
  byId('differences').replaceChildren(
    rows.length
      ? growing(rows, 20, 'disagreements', difference, 'div', 'list')
      : h('p', { class: 'note' }, 'The sources do not contradict each other in these events.'),
  );
}
