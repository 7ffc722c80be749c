// The key "/" goes to the search field.  Pages work without this; the search page can turn it off
// (WCAG 2.1.4: a shortcut of one character must have a way to be turned off).
'use strict';
(() => {
  const name = 'reperform.shortcut', field = document.getElementById('search');
  const isOff = () => localStorage.getItem(name) === 'off';
  document.addEventListener('keydown', event => {
    const writes = event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key !== '/' || writes || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!field || isOff()) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  const line = document.getElementById('shortcut');
  if (!line) return;
  const button = line.querySelector('button');
  const show = () => { button.textContent = isOff() ? 'Turn that on' : 'Turn that off'; };
  button.addEventListener('click', () => {
    localStorage.setItem(name, isOff() ? 'on' : 'off');
    show();
  });
  line.hidden = false;
  show();
})();
