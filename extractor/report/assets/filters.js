// What the reader has chosen, and which events it leaves.

const form = byId('filters');
const chosen = { text: '', type: '', status: '', actor: '', from: '', to: '', conflict: false, pair: null };
let chosenWords = [];
const hasWords = (text) => chosenWords.every((word) => text.includes(word));

function readForm() {
  const given = new FormData(form);
  for (const name of ['type', 'status', 'from', 'to']) chosen[name] = String(given.get(name) ?? '');
  chosen.text = folded(String(given.get('text') ?? '').trim());
  chosenWords = chosen.text.split(/\s+/);
  chosen.actor = folded(String(given.get('actor') ?? '').trim());
  chosen.conflict = given.get('conflict') !== null;
}

// The events that an actor of this name takes part in; null where no actor is asked for.
function eventsOfActor() {
  if (!chosen.actor) return null;
  const found = new Set();
  for (const actor of actors) {
    actor.folded ??= [actor.name, ...actor.names].map(folded);
    if (actor.folded.some((name) => name.includes(chosen.actor))) actor.events.forEach((event) => found.add(event));
  }
  parties.forEach((name, party) => {
    if (!folded(name).includes(chosen.actor)) return;
    for (const event of events) {
      if (event.from.includes(party) || event.to.includes(party)) found.add(event.number);
    }
  });
  return found;
}

function hasStatus(event) {
  if (!chosen.status) return true;
  const [standing, status] = chosen.status.split(/:(.*)/s);
  return standing === 'standing' ? event.standing === status : event.standing === standing && event.status === status;
}

function isInDates(event) {
  if (!chosen.from && !chosen.to) return true;
  if (!event.days) return false;
  return (!chosen.to || event.days[0] <= chosen.to) && (!chosen.from || event.days[1] >= chosen.from);
}

function isOfPair(event) {
  if (!chosen.pair) return true;
  const [source, target, kind] = chosen.pair;
  return event.from.includes(source) && event.to.includes(target) && (!kind || kindOf(event) === kind);
}

function matching() {
  const ofActor = eventsOfActor();
  return events.filter(
    (event) =>
      (!chosen.type || event.type === chosen.type) &&
      (!chosen.conflict || event.inConflict) &&
      hasStatus(event) &&
      isInDates(event) &&
      isOfPair(event) &&
      (!ofActor || ofActor.has(event.number)) &&
      (!chosen.text || hasWords(haystack(event))),
  );
}

const isFiltered = () => Object.values(chosen).some(Boolean);

function matchingRejected() {
  return rejected.filter(
    (item) => (!chosen.type || item.type === chosen.type) && (!chosen.text || hasWords(rejectedHaystack(item))),
  );
}

function tellCount(found) {
  const undated = (chosen.from || chosen.to) && events.some((event) => !event.days);
  byId('count').textContent =
    (isFiltered()
      ? `${found.length.toLocaleString('en')} of ${counted(events.length, 'event')}`
      : counted(events.length, 'event')) + (undated ? '; those without a date are left out' : '');
  const pair = byId('pair');
  pair.hidden = !chosen.pair;
  pair.replaceChildren();
  if (!chosen.pair) return;
  const [source, target, kind] = chosen.pair;
  const which = { done: ', what happened', open: ', what did not', said: ', what was said' }[kind] ?? '';
  pair.append(
    h(
      'button',
      { type: 'button', class: 'chip', click: () => choosePair(null) },
      'From ',
      bdi(parties[source]),
      ' to ',
      bdi(parties[target]),
      which,
      h('span', { 'aria-hidden': 'true' }, ' ✕'),
      hidden(', remove'),
    ),
  );
}

function fillActorNames() {
  // A list of thousands helps nobody: those of most events are offered, and any other name can be typed.
  const known = [...actors]
    .sort((a, b) => b.events.length - a.events.length || (a.name < b.name ? -1 : 1))
    .slice(0, 300);
  byId('actor-names').append(
    ...[...new Set(known.map((actor) => actor.name))].map((name) => h('option', { value: name })),
  );
}
