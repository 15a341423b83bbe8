// Sentences over the form: what a reader should know of the store and of the reading, each with a
// button if need be.
'use strict';

(() => {
  const PROBLEMS = {
    retired: 'problem_retired',
    'no such question': 'problem_gone',
    'a choice stands twice': 'problem_choices',
    'none_of_these goes with no other choice': 'problem_choices',
    'no such answer': 'problem_answer',
    'no such choice': 'problem_choice',
    'not a text': 'problem_answer',
    "can't tell is not offered": 'problem_answer',
    'not applicable is not offered': 'problem_answer',
  };

  /**
   * A place for notices: `show(key, text, label, act)` shows one under a key; no text takes it
   * away.
   */
  function board(place, element) {
    const notices = new Map();
    return (key, text, label, act) => {
      if (notices.get(key)?.dataset.text === text) return; // a screen reader need not hear it twice
      notices.get(key)?.remove();
      notices.delete(key);
      if (!text) return;
      const shown = element('p', `${text} `, '');
      shown.dataset.text = text;
      if (label)
        shown.append(Object.assign(element('button', label, ''), { type: 'button', onclick: act }));
      notices.set(key, shown);
      place.append(shown);
    };
  }

  /** What of a reading could not be carried over, in words; nothing where all could. */
  function notCarried({ assessment, lines, result, words }) {
    const told = result.problems.flatMap(({ question: id, message }) => {
      const key = PROBLEMS[message] || (message.startsWith('answered as') && 'problem_twice');
      if (!key) return [];
      const name = assessment.questions.find((one) => one.id === id)?.name;
      return [
        words.phrase(name ? 'problem_line' : 'problem_id', {
          id,
          name,
          line: lines.get(id),
          problem: words.phrase(key),
        }),
      ];
    });
    return told.length ? `${words.phrase('not_carried')} ${told.join(' ').replace(/;$/, '.')}` : '';
  }

  window.playbook.notices = { board, notCarried };
})();
