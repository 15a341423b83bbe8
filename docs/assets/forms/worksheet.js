// The worksheets of a page: nothing is scored. What a move knows already is filled into a copy of
// its own.
'use strict';

(() => {
  const MOST = 2000; // letters that an address may bring for a field
  const KNOWN = ['subject', 'owner', 'finding'];

  function start(form) {
    const { reading: readings } = window.playbook;
    const sheet = { id: form.dataset.worksheet, version: 1, was: {}, questions: [] };
    const controller = new window.playbook.FormController(form, sheet, 'copy_cleared');
    let filled = '';
    const nameField = form.querySelector('[data-names]');

    /** One field gives the copy its name in the list. */
    const changes = (reading, { value }, field) =>
      field === nameField ? [{ path: ['subject'], value: value.slice(0, 80) }] : [];

    /** The notice goes with the copy. */
    function unsay({ id }) {
      if (id !== filled) controller.notice('prefilled');
    }

    async function takeOver() {
      const texts = new URLSearchParams(location.hash.slice(1));
      if (!KNOWN.some((name) => texts.has(name))) return;
      history.replaceState(null, '', location.pathname + location.search);
      await ready;
      if (!readings.isEmpty(controller.autosave.reading)) await controller.begin();
      if (!readings.isEmpty(controller.autosave.reading)) return; // it could not be put away
      filled = controller.autosave.reading.id;
      prefill(form, texts);
      controller.notice('prefilled', controller.words.phrase('prefilled'));
    }

    const ready = controller.start({ shown: (reading) => reading, draw: unsay, changes });
    const example = document.getElementById(`${form.id}-example`);
    example?.querySelector('[data-do]').addEventListener('click', () => controller.print(example));
    window.addEventListener('hashchange', takeOver);
    takeOver();
  }

  /** Types texts into the fields that are empty. */
  function prefill(form, texts) {
    for (const field of form.querySelectorAll('[data-prefill]')) {
      const text = texts.get(field.dataset.prefill);
      if (!text || field.value) continue;
      field.value = text.slice(0, MOST);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  window.playbook.every('worksheet', start);
})();
