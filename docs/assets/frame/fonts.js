/* Asks for the fonts as soon as the styles are there. An optional font that is first asked for when
   text is laid out comes too late to be used, even from the browser's cache; a <link rel=preload>
   is refused in a folder. */
'use strict';

function loadFonts(chosen) {
  for (const face of document.fonts) if (chosen(face)) face.load().catch(() => {});
}

loadFonts((face) => face.display === 'optional');

/* What only paper uses comes last, and from the cache, so that it is there whoever prints. */
window.addEventListener('load', () => loadFonts(() => true));
