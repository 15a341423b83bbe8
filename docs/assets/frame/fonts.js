/* Asks for the fonts as soon as the styles are there. An optional font that is first asked for when
   text is laid out comes too late to be used, even from the browser's cache; a <link rel=preload>
   is refused in a folder. */
'use strict';

for (const face of document.fonts) {
  if (face.display === 'optional') face.load().catch(() => {});
}
