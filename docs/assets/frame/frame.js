/* What the frame asks of a script, after the theme's own has run. */
'use strict';

/* The switch between light and dark works by script, so it waits for one; and it says which of the
   two is on. */
for (const option of document.querySelectorAll('.md-option')) {
  option.disabled = false;
  option.checked = option.dataset.mdColorScheme === document.body.dataset.mdColorScheme;
}

/* Tables on a phone: every cell learns the heading of its column, so that frame.css can stack the
   rows. The roles say again what a browser forgets when rows and cells are displayed as blocks.
   Without script a table scrolls in itself. */
const tables = document.querySelectorAll('.md-typeset table:not([class])');
for (const table of tables) {
  const headings = [...table.querySelectorAll('thead th')].map((heading) =>
    heading.textContent.trim()
  );
  if (!headings.length) continue;
  table.setAttribute('role', 'table');
  table.dataset.stacked = '';
  for (const part of table.querySelectorAll('thead, tbody')) part.setAttribute('role', 'rowgroup');
  for (const row of table.rows) {
    row.setAttribute('role', 'row');
    [...row.cells].forEach((cell, column) => {
      if (cell.tagName !== 'TD') return;
      cell.setAttribute('role', 'cell');
      if (column) cell.dataset.label = headings[column] ?? '';
    });
  }
}

/* Several tables on a page stand in columns of the same width: see frame.css. */
tables[3]?.closest('.md-typeset').classList.add('many-tables');
