// The timeline: what each day brought, acts apart from statements, and bars that narrow the dates.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400_000;
const MOST_BARS = 62;
const dayNumber = (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);
const dayOf = (number) => new Date(number * DAY).toISOString().slice(0, 10);

// The periods that bars stand for: days where few, else months, else years; each as its key, first and last day.
const UNITS = {
  day: {
    key: (day) => day,
    next: (key) => dayOf(dayNumber(key) + 1),
    last: (key) => key,
    label: (key) => `${Number(key.slice(8))} ${MONTHS[key.slice(5, 7) - 1]}`,
  },
  month: {
    key: (day) => day.slice(0, 7),
    next: (key) => dayOf(dayNumber(`${key}-01`) + 31).slice(0, 7),
    last: (key) => dayOf(dayNumber(`${UNITS.month.next(key)}-01`) - 1),
    label: (key) => `${MONTHS[key.slice(5) - 1]} ${key.slice(0, 4)}`,
  },
  year: {
    key: (day) => day.slice(0, 4),
    next: (key) => String(Number(key) + 1).padStart(4, '0'),
    last: (key) => `${key}-12-31`,
    label: (key) => key,
  },
};
const FIRST_DAY = { 4: '-01-01', 7: '-01', 10: '' };

function unitFor(first, last) {
  const days = dayNumber(last) - dayNumber(first) + 1;
  return days <= MOST_BARS ? UNITS.day : days <= MOST_BARS * 30 ? UNITS.month : UNITS.year;
}

function showBars(found) {
  const dated = found.filter((event) => event.days);
  const box = byId('bars');
  box.replaceChildren();
  box.hidden = true;
  if (dated.length < 2) return;
  const firsts = dated.map((event) => event.days[0]).sort();
  const unit = unitFor(firsts[0], firsts.at(-1));
  const bins = new Map();
  for (let key = unit.key(firsts[0]); key <= unit.key(firsts.at(-1)); key = unit.next(key))
    bins.set(key, { done: 0, open: 0, said: 0 });
  if (bins.size < 2) return;
  for (const event of dated) bins.get(unit.key(event.days[0]))[kindOf(event)] += 1;
  const highest = Math.max(...[...bins.values()].map(({ done, open, said }) => done + open + said));
  box.hidden = false;
  // On a wide scale every bar has a label; else as many as fit.
  const every = Math.ceil(bins.size / 12);
  box.append(...[...bins].map(([key, counts], place) => bar(unit, key, counts, highest, place % every === 0)));
}

function bar(unit, key, counts, highest, labelled) {
  const total = counts.done + counts.open + counts.said;
  let top = 100;
  const parts = ['done', 'open', 'said'].map((kind) => {
    const height = (100 * counts[kind]) / highest;
    top -= height;
    return height ? s('rect', { class: kind, x: 0, y: top, width: 10, height }) : null;
  });
  const drawn = s('svg', { viewBox: '0 0 10 100', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, parts);
  const label = h('span', { class: 'label', 'aria-hidden': 'true' }, labelled ? unit.label(key) : '');
  if (!total) return h('div', { class: 'bar-slot' }, drawn, label);
  const text = `${unit.label(key)}: ${counts.done} happened, ${counts.open} did not, ${counts.said} said`;
  return h(
    'div',
    { class: 'bar-slot' },
    h(
      'button',
      { type: 'button', title: text, click: () => chooseDates(key + FIRST_DAY[key.length], unit.last(key)) },
      drawn,
      hidden(text),
    ),
    label,
  );
}

// The steps of all events, those of one status and day told once.
function stepsOf(found) {
  const steps = new Map();
  for (const event of found) {
    for (const [status, day, label, , record, words] of event.history) {
      const key = `${event.number} ${day ?? ''} ${words ?? ''} ${status}`;
      if (!steps.has(key)) steps.set(key, { event, status, day, label, words, records: [] });
      steps.get(key).records.push(record);
    }
  }
  return [...steps.values()];
}

function daysOf(found) {
  const days = new Map();
  for (const step of stepsOf(found)) {
    const key = `${step.day ?? '9999'} ${step.label ?? ''}`;
    if (!days.has(key))
      days.set(key, { key, label: step.label ?? 'Without a date', undated: !step.day, acts: [], said: [] });
    days.get(key)[step.event.standing === 'said' ? 'said' : 'acts'].push(step);
  }
  return [...days.values()].sort((a, b) => compared(a.key, b.key));
}

function step({ event, status, words, records: members }) {
  const standing = standingOfStep(event, status);
  const said = event.standing === 'said';
  return h(
    'li',
    { class: standing },
    badge(standing, statusLabel(status)),
    ' ',
    toEvent(event, clipped(said ? titleOf(event) : event.title, 150)),
    said
      ? null
      : h('span', { class: 'small' }, ' ', bdi(fromOf(event) ?? ''), toOf(event) ? [joint(event), bdi(toOf(event))] : null),
    words ? [' ', h('span', { class: 'small' }, dayNode(null, words))] : null,
    ' ',
    sources(members, said ? null : 'status', event),
  );
}

const MOST_STEPS = 40;

function lane(steps, title) {
  if (!steps.length) return h('div', { class: 'lane empty' });
  return h('div', { class: 'lane' }, hidden(title), growing(steps, MOST_STEPS, 'of this day', step, 'ul', 'steps'));
}

function day(item) {
  return h(
    'div',
    { class: item.undated ? 'day undated' : 'day' },
    h('h3', {}, item.label.slice(0, 1).toUpperCase() + item.label.slice(1)),
    lane(item.acts, 'Acts'),
    lane(item.said, 'Statements'),
  );
}

function showTimeline(found) {
  showBars(found);
  const days = daysOf(found);
  byId('days').replaceChildren(
    days.length ? growing(days, 15, 'days', day, 'div', 'days') : h('p', { class: 'note' }, 'Nothing to show.'),
  );
}
