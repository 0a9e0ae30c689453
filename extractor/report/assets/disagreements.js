// Where sources disagree: each value with its sources, in their own words, side by side.

const DIFFERING_LINKS = { denies: 'denies what is said', contradicts: 'says otherwise' };

function differencesOf(found) {
  const rows = [];
  for (const event of found) {
    if (event.contested) rows.push({ event, kind: 'conflict', title: 'Whether it happened', columns: byStatus(event) });
    for (const [field, agreement, values, held] of event.fields) {
      if (agreement !== 'conflict' && !(agreement === 'varied' && byId('varied').checked)) continue;
      const columns = values.map(([parts, members]) => ({ value: parts, members, field, event }));
      rows.push({ event, kind: agreement, title: data.labels[field], columns, held });
    }
    for (const [, other, because, type] of event.links) {
      if (!(type in DIFFERING_LINKS)) continue;
      rows.push({ event, kind: type, title: DIFFERING_LINKS[type], columns: [said(events[other]), said(event)], because });
    }
  }
  const weight = { conflict: 0, contradicts: 1, denies: 2, varied: 3 };
  return rows.sort((a, b) => weight[a.kind] - weight[b.kind]);
}

function byStatus(event) {
  const by = new Map();
  for (const [status, , , , record] of event.history) by.set(status, [...(by.get(status) ?? []), record]);
  return [...by].map(([status, members]) => ({ value: [statusLabel(status)], members, field: 'status', event }));
}

const said = (event) => ({ value: [event.title], who: fromOf(event), members: event.members, field: null, event });

function column({ value, who: speaker, members, field, event }) {
  const record = records[members[0]];
  return h(
    'td',
    {},
    speaker ? h('p', { class: 'speaker' }, bdi(speaker)) : null,
    h('div', { class: 'says' }, lines(value)),
    h('blockquote', dirOf(record.article), record.evidence.length ? context(record, field) : null),
    sources(members, field, event),
  );
}

// The passage around a field's words, which stand out in it.
function context(record, field) {
  const { spans, exact } = wordsOf(record, field);
  const text = articles[record.article].text;
  const around = record.evidence.find(([start, end]) => start <= spans[0][0] && spans[0][1] <= end) ?? record.evidence[0];
  if (!field || !exact) return clipped(text.slice(around[0], around[1]), 280);
  const [start, end] = spans[0];
  const from = Math.max(Math.min(around[0], start), start - 140);
  const to = Math.min(Math.max(around[1], end), end + 140);
  return [from > around[0] ? '… ' : '', text.slice(from, start), h('mark', {}, text.slice(start, end)), text.slice(end, to), to < around[1] ? ' …' : ''];
}

function difference({ event, kind, title, columns, held, because }) {
  const label = kind === 'varied' ? 'wording varies' : kind === 'conflict' ? 'in conflict' : '';
  return h(
    'div',
    { class: `difference ${kind}` },
    h('h3', {}, h('a', { href: `#event-${event.number}`, 'data-event': event.number }, bdi(clipped(titleOf(event), 110))), ' ', h('span', { class: 'small' }, event.date ?? '')),
    h(
      'div',
      { class: 'scroll', role: 'group', tabindex: '0', 'aria-label': `${title}, side by side` },
      h(
        'table',
        {},
        h('caption', {}, kind === 'conflict' ? icon('conflict') : null, ' ', title, label ? h('span', { class: 'small' }, ` ${label}`) : null),
        h('thead', {}, h('tr', {}, columns.map(({ members }, place) => h('th', { scope: 'col' }, place ? (columns.length === 2 ? 'The other' : `Reading ${place + 1}`) : columns.length === 2 ? 'One side' : 'Reading 1', h('span', { class: 'small' }, ` ${counted(new Set(members.map((member) => records[member].article)).size, 'source')}`))))),
        h('tbody', {}, h('tr', {}, columns.map(column))),
      ),
    ),
    held ? h('p', { class: 'held' }, `Held here: ${held[0].join(', ')} (${held[1]})`) : null,
    because ? h('p', { class: 'held' }, because) : null,
  );
}

function showDifferences(found) {
  const rows = differencesOf(found);
  byId('differences').replaceChildren(
    rows.length ? growing(rows, 20, 'disagreements', difference, 'div', 'list') : h('p', { class: 'note' }, 'The sources do not contradict each other in these events.'),
  );
}
