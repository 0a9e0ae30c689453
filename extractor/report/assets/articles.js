// The articles with what each tells, and what was rejected.

const OUTCOMES = { done: 'read', partial: 'read in part', failed: 'could not be read' };

function articleRow(number) {
  const article = articles[number];
  const told = new Set(recordsOf[number].map((record) => record.event).filter((event) => event !== undefined));
  const counts = { done: 0, open: 0, said: 0 };
  for (const event of told) counts[kindOf(events[event])] += 1;
  return h(
    'li',
    { class: `article ${article.outcome}` },
    h(
      'h3',
      {},
      h(
        'button',
        { type: 'button', class: 'open-article', click: (click) => openArticle(number, click.currentTarget) },
        bdi(article.name),
      ),
    ),
    h('p', { class: 'first', ...dirOf(number) }, article.headline ?? ''),
    article.by ? h('p', { class: 'small' }, bdi(article.by)) : null,
    h(
      'p',
      { class: 'small' },
      `${article.dated} · ${counts.done} happened · ${counts.open} did not · ${counts.said} said`,
    ),
    article.copies ? h('p', { class: 'small' }, 'the same in ', bdi(article.copies.join(', '))) : null,
    article.outcome === 'done'
      ? null
      : h(
          'p',
          { class: 'failure' },
          icon('conflict'),
          ` ${OUTCOMES[article.outcome]}`,
          article.failure ? [': ', bdi(article.failure)] : null,
        ),
  );
}

function showArticles(found) {
  const told = new Set(found.flatMap((event) => event.articles));
  const shown = articles.map((_, number) => number).filter((number) => !isFiltered() || told.has(number));
  byId('article-list').replaceChildren(
    shown.length
      ? growing(shown, 30, 'articles', articleRow, 'ul', 'list article-rows')
      : h('p', { class: 'note' }, 'No article tells of these events.'),
  );
  return shown;
}

function rejection(item) {
  const article = articles[item.article];
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      data.types[item.type] ?? 'Answer',
      item.field ? h('span', { class: 'small' }, ` ${item.field}`) : h('span', { class: 'small' }, ' whole record'),
    ),
    h('td', {}, h('strong', { class: 'reason' }, bdi(item.reason)), h('p', {}, bdi(item.message))),
    h('td', { class: 'given' }, h('code', { dir: 'auto' }, clipped(item.value ?? '', 600))),
    h(
      'td',
      {},
      h(
        'button',
        { type: 'button', class: 'source', click: (click) => openArticle(item.article, click.currentTarget) },
        bdi(article.short),
        hidden(': open the article'),
      ),
    ),
  );
}

const MOST_REJECTED = 100;

function showRejected() {
  const found = matchingRejected();
  const table = h(
    'table',
    { class: 'rejections' },
    h('caption', { class: 'vh' }, 'What was rejected, and why'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['What', 'Why', 'The model said', 'Article'].map((name) => h('th', { scope: 'col' }, name)),
      ),
    ),
    h('tbody', {}, found.slice(0, MOST_REJECTED).map(rejection)),
  );
  byId('rejections').replaceChildren(
    found.length
      ? h('div', { class: 'scroll', role: 'group', tabindex: '0', 'aria-label': 'Table of what was rejected' }, table)
      : h(
          'p',
          { class: 'note' },
          rejected.length ? 'None of what was rejected fits these filters.' : 'Nothing was rejected.',
        ),
    found.length > MOST_REJECTED
      ? h(
          'p',
          { class: 'small' },
          `${counted(found.length - MOST_REJECTED, 'more', 'more')}; the text filter reaches them.`,
        )
      : '',
  );
}
