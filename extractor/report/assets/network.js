// Who did what to whom: the drawing was laid out beforehand; here it follows the filters, with a table that has it all.

const edges = new Map(
  [...document.querySelectorAll('#drawing .edge')].map((edge) => [edge.getAttribute('data-edge'), edge]),
);
for (const [key, edge] of edges) {
  const [source, target, kind] = key.split(' ');
  edge.addEventListener('click', () => choosePair([Number(source), Number(target), kind]));
}

function countPairs(found) {
  const pairs = new Map();
  for (const event of found) {
    for (const source of event.from) {
      for (const target of event.to) {
        const key = `${source} ${target}`;
        if (!pairs.has(key)) pairs.set(key, { source, target, done: 0, open: 0, said: 0 });
        pairs.get(key)[kindOf(event)] += 1;
      }
    }
  }
  return pairs;
}

const most = Number(byId('drawing')?.getAttribute('data-most') ?? 1);
const widthOf = (count) => (1.5 + 4.5 * Math.sqrt(Math.min(1, count / most))).toFixed(1);

function showNetwork(found) {
  const pairs = countPairs(found);
  for (const [key, edge] of edges) {
    const [source, target, kind] = key.split(' ');
    const count = pairs.get(`${source} ${target}`)?.[kind] ?? 0;
    edge.classList.toggle('none', count === 0);
    edge.querySelector('.line').setAttribute('stroke-width', widthOf(count));
    edge.querySelector('text').textContent = count;
  }
  const rows = [...pairs.values()].sort((a, b) => total(b) - total(a) || a.source - b.source || a.target - b.target);
  const body = h('tbody');
  const table = h(
    'table',
    { class: 'dyads' },
    h('caption', { class: 'vh' }, 'Who did what to whom, in numbers of events'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['Who', 'To whom', 'Happened', 'Did not', 'Said'].map((name) => h('th', { scope: 'col' }, name)),
      ),
    ),
    body,
  );
  body.append(...rows.slice(0, MOST_PAIRS).map(pairRow));
  const left = rows.length - MOST_PAIRS;
  byId('dyads').replaceChildren(
    rows.length
      ? h(
          'div',
          { class: 'scroll', role: 'group', tabindex: '0', 'aria-label': 'Table of who did what to whom' },
          table,
        )
      : h('p', { class: 'note' }, 'Nobody does anything to anybody in these events.'),
    left > 0
      ? h('p', { class: 'small' }, `${counted(left, 'pair')} with fewer events left out; the filters reach them.`)
      : '',
  );
}

const MOST_PAIRS = 40;
const total = (pair) => pair.done + pair.open + pair.said;

function pairRow(pair) {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, bdi(parties[pair.source])),
    h('td', {}, bdi(parties[pair.target])),
    ['done', 'open', 'said'].map((kind) =>
      h(
        'td',
        { class: 'count' },
        pair[kind]
          ? h(
              'button',
              { type: 'button', class: `number ${kind}`, click: () => choosePair([pair.source, pair.target, kind]) },
              pair[kind].toLocaleString('en'),
              hidden(`: only these`),
            )
          : h('span', { class: 'unknown' }, '–'),
      ),
    ),
  );
}
