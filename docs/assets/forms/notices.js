// Sentences over the form: what a reader should know of the store and of the reading, each with a
// button if need be.
'use strict';

(() => {
  // The phrase for each problem of answers.js that is told here. The others are told at the field.
  const PROBLEMS = {
    already_answered: 'problem_twice',
    retired: 'problem_retired',
    no_such_question: 'problem_gone',
    choice_twice: 'problem_choices',
    none_with_others: 'problem_choices',
    no_such_answer: 'problem_answer',
    no_such_choice: 'problem_choice',
    not_a_text: 'problem_answer',
    unknown_not_offered: 'problem_answer',
    na_not_offered: 'problem_answer',
  };

  const element = (kind, textContent, className) =>
    Object.assign(document.createElement(kind), { textContent, className });

  /**
   * A place for notices: `show(key, text, label, act)` shows one under a key; no text takes it
   * away.
   */
  function board(place) {
    const notices = new Map();
    return (key, text, label, act) => {
      if (notices.get(key)?.dataset.text === text) return; // a screen reader need not hear it twice
      notices.get(key)?.remove();
      notices.delete(key);
      if (!text) return;
      const notice = element('p', `${text} `, '');
      notice.dataset.text = text;
      if (label) {
        const button = element('button', label, '');
        notice.append(Object.assign(button, { type: 'button', onclick: act }));
      }
      notices.set(key, notice);
      place.append(notice);
    };
  }

  /** What of a reading could not be carried over, in words; nothing where all could. */
  function notCarried({ assessment, lines, result, words }) {
    const sentences = result.problems.flatMap(({ question: id, code }) => {
      const key = PROBLEMS[code];
      if (!key) return [];
      const name = assessment.questions.find((question) => question.id === id)?.name;
      return [
        words.phrase(name ? 'problem_line' : 'problem_id', {
          id,
          name,
          line: lines.get(id),
          problem: words.phrase(key),
        }),
      ];
    });
    return sentences.length
      ? `${words.phrase('not_carried')} ${sentences.join(' ').replace(/;$/, '.')}`
      : '';
  }

  window.playbook.notices = { board, notCarried, element };
})();
