// Elements are made of text and attributes alone: nothing from an article or a model is ever parsed as markup.

const SVG = 'http://www.w3.org/2000/svg';
const byId = (id) => document.getElementById(id);

// An element: `props` are attributes (true stands for an empty one, null and false for none), functions are listeners.
function h(tag, props, ...children) {
  return filled(document.createElement(tag), props, children);
}

function s(tag, props, ...children) {
  return filled(document.createElementNS(SVG, tag), props, children);
}

function filled(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

const icon = (name) => s('svg', { class: 'icon', 'aria-hidden': 'true' }, s('use', { href: `#i-${name}` }));
const hidden = (text) => h('span', { class: 'vh' }, text);
const counted = (number, noun, plural = `${noun}s`) => `${number.toLocaleString('en')} ${number === 1 ? noun : plural}`;
// Text from outside: its direction is its own, and ends with it.
const bdi = (text) => h('bdi', {}, text);

// A list that shows its first items, and the next ones when asked to; `make` gives an item's element.
function growing(items, step, noun, make, tag = 'div', className = 'list') {
  const list = h(tag, { class: className, role: tag === 'div' ? null : 'list' });
  const more = h('button', { type: 'button', class: 'more', click: () => show(true) });
  let shown = 0;
  function show(focus) {
    const next = items.slice(shown, shown + step).map(make);
    list.append(...next);
    shown += next.length;
    const left = items.length - shown;
    more.hidden = left === 0;
    more.textContent = `Show ${Math.min(step, left).toLocaleString('en')} more ${noun} (${left.toLocaleString('en')} left)`;
    if (focus && next.length) {
      next[0].tabIndex = -1;
      next[0].focus();
    }
  }
  const box = h('div', {}, list, more);
  box.showUpTo = (number) => {
    while (shown < Math.min(number, items.length)) show(false);
  };
  box.showItem = (item) => box.showUpTo(items.indexOf(item) + 1);
  show(false);
  return box;
}
