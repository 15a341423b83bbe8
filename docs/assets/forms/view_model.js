// A reading and all that the page asks of it: what is shown, what is open, what a line counts as,
// its result.
'use strict';

(() => {
  /**
   * @param {Assessment} assessment
   * @param {Map<string, number>} lines the number of each question
   * @param {Words} words
   * @param {Reading} keptReading as it is kept, under the ids of then
   * @param {Outlook} outlook what is known so far of the way to another verdict, see distance.js
   * @returns {ViewModel}
   */
  function makeViewModel(assessment, lines, words, keptReading, outlook) {
    const {
      score,
      state: { scoringModel },
      outcomes,
      answers: { accept },
      reading: readings,
    } = window.playbook;
    const model = scoringModel(assessment);
    const reading = readings.carried(keptReading, assessment);
    const [answers] = accept(model, reading.answers);
    const result = score(assessment, reading, false);
    const shown = new Set(
      assessment.questions.some(({ show }) => show !== undefined)
        ? score.shown(assessment, reading)
        : lines.keys()
    );
    const ratings = new Map(); // the answers that choices come to, once worked out
    const { answered, unknown, na } = result.coverage;
    return {
      assessment,
      model,
      lines,
      words,
      reading,
      answers,
      result,
      shown,
      outlook,
      blank: !answered && !unknown && !na,
      open: assessment.questions.filter(
        ({ id, required }) => required !== false && shown.has(id) && !answers.has(id)
      ).length,
      oneScale:
        assessment.scales.length === 1 && assessment.scales[0].answers.length <= 4
          ? assessment.scales[0]
          : null,
      /**
       * The answer that a question counts as, by its rating or "can't tell" too; '' where it counts
       * as none.
       */
      countsAs(id) {
        const answer = answers.get(id);
        const question = model.questions.get(id);
        if (typeof answer === 'string') return question.kind === 'text' ? '' : answer;
        if (Array.isArray(answer) && question.rating) {
          if (!ratings.has(id))
            ratings.set(id, outcomes.outcome(question, model.scales.get(id), answer).answers[0]);
          return ratings.get(id);
        }
        return answer && answer.unknown && question.unknown !== 'excluded' ? question.unknown : '';
      },
    };
  }

  window.playbook.makeViewModel = makeViewModel;
})();
