/* What the first paint has to know: that scripts run. The theme says so too, but it is deferred,
   and the head of the page would jump when it did. */
'use strict';

document.documentElement.classList.replace('no-js', 'js');
