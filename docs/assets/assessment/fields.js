// The fields of a form and the reading that they show. A field's name is its path in the reading:
// `metric_integrity` is an answer, `notes.metric_integrity` its note, `reading.subject` what was read.
'use strict';

(() => {
  function pathOf(name) {
    const steps = name.split('.');
    if (steps.length === 1) return ['answers', ...steps];
    return steps[0] === 'reading' ? steps.slice(1) : steps;
  }

  /** What a field says of its reading: {path, value}; a radio that is not chosen says nothing. */
  function changeOf(field) {
    const path = pathOf(field.name);
    if (field.type === 'radio' && !field.checked) return { path, value: '' };
    return { path, value: path[0] === 'answers' && field.value === 'unknown' ? { unknown: true } : field.value };
  }

  function valueAt(reading, path) {
    const value = path.reduce((inside, step) => (inside === undefined ? undefined : inside[step]), reading);
    if (typeof value === 'string') return value;
    return value && value.unknown === true ? 'unknown' : '';
  }

  /** Puts a reading into the fields, and what paper shows of them beside them. */
  function fill(form, reading, speak) {
    for (const field of form.elements) {
      if (!field.name) continue;
      const value = valueAt(reading, pathOf(field.name));
      if (field.type === 'radio') field.checked = field.value === value;
      else if (field.value !== value) field.value = value;
      show(field, speak);
    }
  }

  /** What paper shows of a field. */
  function show(field, speak) {
    const typed = field.parentElement.querySelector('.typed');
    if (!typed) return;
    if (field.type === 'date') typed.textContent = speak.date(field.value);
    else typed.textContent = field.type === 'select-one' && field.value ? field.selectedOptions[0].textContent : field.value;
  }

  /** Whether a radio was already chosen before this click. */
  const isChosen = (field, reading) => field.type === 'radio' && valueAt(reading, pathOf(field.name)) === field.value;

  window.playbook.fields = { changeOf, fill, show, isChosen };
})();
