// The fields of a form and the reading that they show. A field's name is its path in the reading:
// `metric_integrity` is an answer, `notes.metric_integrity` its note, `reading.subject` what was
// read. `na.metric_integrity` is why it does not apply: part of the answer. A box with a
// `data-state` is no answer of the question's own: unknown, na, or none of its choices. On a
// worksheet a name is the whole path of a text: `answers.initiative`, `answers.rows.rights.owner`.
'use strict';

(() => {
  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;

  /** All fields; not `form.elements`, which a question with that id would take the place of. */
  const all = (place) => place.querySelectorAll('[name]');
  /** The fields of a name beside this one: those of a question stand together. */
  const siblings = (field, name) => [
    ...field.closest('fieldset').querySelectorAll(`[name="${name}"]`),
  ];
  const isBox = ({ type }) => type === 'radio' || type === 'checkbox';

  function pathOf(name) {
    const steps = name.split('.');
    if (steps.length === 1) return ['answers', ...steps];
    return steps[0] === 'reading'
      ? steps.slice(1)
      : steps[0] === 'na'
        ? ['answers', steps[1]]
        : steps;
  }

  // --- from the page -----------------------------------------------------------------------

  /** A number as it is written in this language; what is none stays as it was typed. */
  function parsed(text, words) {
    const plain = text.trim().replace('−', '-').replace(words.point, '.');
    const number = Number(plain);
    return NUMBER.test(plain) && Number.isFinite(number) ? number : text;
  }

  /** Ticking what goes with nothing else takes the other ticks away, and the other way round. */
  function exclude(field, fields) {
    if (isBox(field) ? !field.checked : !field.value) return;
    for (const box of fields) {
      if (box !== field && box.type === 'checkbox' && (field.dataset.state || box.dataset.state))
        box.checked = false;
    }
  }

  const states = {
    unknown: () => ({ unknown: true }),
    na: (field) => ({ na: siblings(field, `na.${field.name}`)[0].value }),
    none: ({ value }) => (value ? [value] : []),
  };

  /** What the fields of a question say together. */
  function answerOf(fields, words) {
    const boxes = fields.filter((field) => isBox(field) && field.checked);
    const state = boxes.find((box) => box.dataset.state);
    if (state) return states[state.dataset.state](state);
    const text = fields.find((field) => !isBox(field));
    if (text) return text.dataset.kind === 'number' ? parsed(text.value, words) : text.value;
    if (!boxes.length) return '';
    return boxes[0].type === 'radio' ? boxes[0].value : boxes.map((box) => box.value);
  }

  /** What a field says of its reading: {path, value}; '' is nothing. */
  function changeOf(field, words) {
    const path = pathOf(field.name);
    if (path[0] !== 'answers' || field.name.startsWith('answers.'))
      return { path, value: field.type === 'radio' && !field.checked ? '' : field.value };
    const fields = siblings(field, path[1]);
    if (field.name === path[1]) exclude(field, fields);
    return { path, value: answerOf(fields, words) };
  }

  // --- to the page -------------------------------------------------------------------------

  /** Whether a box stands for an answer. */
  function isOn({ value, dataset: { state } }, answer) {
    if (state === 'none') return Array.isArray(answer) && answer.join() === value;
    if (state === 'na') return typeof answer?.na === 'string';
    if (state) return answer?.unknown === true;
    return Array.isArray(answer) ? answer.includes(value) : answer === value;
  }

  function textOf(field, answer, words) {
    if (field.name.startsWith('na.')) return typeof answer?.na === 'string' ? answer.na : '';
    if (typeof answer === 'number') return String(answer).replace('.', words.point);
    return typeof answer === 'string' ? answer : '';
  }

  const valueAt = (reading, path) => path.reduce((inside, step) => inside?.[step], reading);

  /**
   * Puts a reading into the fields of a form or a part of it, and what paper shows of them beside
   * them.
   */
  function fill(place, reading, words) {
    for (const field of all(place)) {
      const value = valueAt(reading, pathOf(field.name));
      if (isBox(field)) field.checked = isOn(field, value);
      else {
        const text = textOf(field, value, words);
        if (field.value !== text) field.value = text;
      }
      show(field, words);
    }
  }

  /** A reason is asked for where a question does not apply: see the style. */
  function showReason(question) {
    const na = question?.querySelector('[data-state="na"]');
    if (na) question.classList.toggle('na', na.checked);
  }

  /** What the page shows of a field beside it: what was typed, for paper, or room for a reason. */
  function show(field, words) {
    if (isBox(field)) {
      showReason(field.closest('.question'));
      return;
    }
    let typed = field.nextElementSibling;
    if (!typed) {
      typed = Object.assign(document.createElement('span'), { className: 'typed' });
      typed.setAttribute('aria-hidden', 'true');
      field.after(typed);
    }
    typed.textContent = typedIn(field, words);
  }

  function typedIn(field, words) {
    if (field.type === 'date') return words.date(field.value);
    if (field.type === 'select-one' && field.value) return field.selectedOptions[0].textContent;
    return field.value;
  }

  /** Whether a radio was already chosen before this click. */
  const isChosen = (field, reading) =>
    field.type === 'radio' && isOn(field, valueAt(reading, pathOf(field.name)));

  window.playbook.fields = { all, changeOf, fill, show, isChosen };
})();
