// The data of the page, with what is looked up again and again.

const data = JSON.parse(byId('data').textContent);
byId('data').remove();
const { articles, records, events, parties, actors, rejected, paths } = data;

events.forEach((event, number) => {
  event.number = number;
  for (const list of ['from', 'to', 'links', 'articles', 'members', 'fields', 'history']) event[list] ??= [];
  event.inConflict = Boolean(event.contested) || event.fields.some((field) => field[1] === 'conflict');
});
records.forEach((record, number) => {
  record.number = number;
  record.evidence ??= [];
  record.spans ??= [];
});

const eventOfId = new Map(events.map((event) => [event.id, event]));
const recordsOf = articles.map(() => []);
for (const record of records) recordsOf[record.article].push(record);

const textOf = (article, [start, end]) => articles[article].text.slice(start, end);
const dirOf = (article) => ({ lang: articles[article].lang ?? null, dir: 'auto' });
const statusLabel = (status) => data.statuses[status]?.label ?? status.replaceAll('_', ' ');
const kindOf = (event) => (event.standing === 'said' ? 'said' : event.standing === 'done' ? 'done' : 'open');
// Told as done by one source and as denied or ruled out by another: neither happened nor not, and apart from both.
const groupOf = (event) => (event.contested && event.standing !== 'said' ? 'disputed' : kindOf(event));
const standingOfStep = (event, status) =>
  event.standing === 'said' ? 'said' : (data.statuses[status]?.standing ?? 'open');
const namesOf = (places) => places.map((place) => parties[place]).join(', ');

// Who acts, and who is acted upon: the parties, or where no country is known the names of those told.
const fromOf = (event) => (event.type === 'statement' ? event.who : null) ?? (namesOf(event.from) || event.who || null);
const toOf = (event) => namesOf(event.to) || event.whom || null;

function titleOf(event) {
  return event.standing === 'said' && fromOf(event) ? `${fromOf(event)}: ${event.title}` : event.title;
}

// The passages of a field's words in a record; without any, those of its evidence.
function wordsOf(record, field) {
  const name = data.wordsOf[field] ?? field;
  const own = record.spans.filter(([path]) => {
    const [, head] = paths[path].split('/');
    return head === name;
  });
  return own.length
    ? { spans: own.map(([, start, end]) => [start, end]), exact: true }
    : { spans: record.evidence, exact: false };
}

const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const actorsOf = events.map(() => []);
actors.forEach((actor, number) => {
  actor.events.forEach((event) => actorsOf[event].push(number));
});

// What the text filter looks in: made once for each event, when it is first asked for.
function haystack(event) {
  event.haystack ??= folded(
    [
      event.title,
      fromOf(event),
      toOf(event),
      statusLabel(event.status),
      event.kind.replaceAll('_', ' '),
      event.id,
      ...event.fields.flatMap(([, , values]) => values.flatMap(([lines]) => lines)),
      ...event.articles.map((article) => articles[article].name),
      ...event.members.flatMap((member) =>
        records[member].evidence.map((span) => textOf(records[member].article, span)),
      ),
    ].join('\n'),
  );
  return event.haystack;
}

const rejectedHaystack = (item) =>
  folded([item.message, item.value ?? '', item.field ?? '', item.reason, articles[item.article].name].join('\n'));
