/** The hand-over sheet's button; without a script the browser's menu prints just as well. */
for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => window.print());
