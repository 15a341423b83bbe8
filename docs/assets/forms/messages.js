// Words: the phrases of words.yml, and what is said of a result, as plain text.
'use strict';

(() => {
  const MOST_LINES = 12; // listed one by one; more are counted
  const MOST_TIPS = 4;
  const LONG = /^(.{50}\S*)\s.{10,}$/s; // an answer whose first words are enough within a sentence

  /**
   * A phrase of words.yml: `{name}`s filled in, the form chosen by `count`.
   * @returns {Words}
   */
  function makeWords(phrases) {
    const plural = new Intl.PluralRules(phrases.language);
    const list = (type) => new Intl.ListFormat(phrases.language, { type });
    // costly to make
    const day = new Intl.DateTimeFormat(phrases.language, { dateStyle: 'long', timeZone: 'UTC' });
    const formats = new Map(); // costly too
    const lists = { and: list('conjunction'), or: list('disjunction') };
    const words = {
      phrase(key, values = {}) {
        const entry = phrases[key];
        const text =
          typeof entry === 'string' ? entry : entry[plural.select(values.count)] || entry.other;
        return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
      },
      and: (items) => lists.and.format(items.map(String)),
      or: (items) => lists.or.format(items.map(String)),
      date: (iso) => (Date.parse(iso) ? day.format(new Date(iso)) : iso),
      lower: (text) => text.toLocaleLowerCase(phrases.language),
      point: (0.5).toLocaleString(phrases.language)[1],
      number(value, least, most) {
        const key = `${least} ${most}`;
        if (!formats.has(key))
          formats.set(
            key,
            new Intl.NumberFormat(phrases.language, {
              minimumFractionDigits: least,
              maximumFractionDigits: most,
            })
          );
        return formats.get(key).format(value);
      },
      /**
       * An answer within a sentence: red; in quotes what is more than a word with a capital. See
       * in_words.py.
       */
      answer: (title) =>
        /^\p{L}\p{Ll}+$/u.test(title)
          ? words.lower(title)
          : words.phrase('rule_quoted', { answer: title.replace(LONG, '$1 …') }),
    };
    return words;
  }

  function groupBy(items, key) {
    const groups = new Map();
    for (const item of items) groups.set(key(item), [...(groups.get(key(item)) || []), item]);
    return groups;
  }

  /**
   * What is said of a result.
   * @param {ViewModel} viewModel
   */
  function sentences(viewModel) {
    const { assessment, model, lines, answers, result, words, outlook, countsAs } = viewModel;
    const verdict = (id) => assessment.verdicts.find((one) => one.id === id);
    const line = (id) => lines.get(id);
    const titleOf = (id, answer) =>
      words.answer(model.scales.get(id).answers.find((one) => one.id === answer).title);
    const scale = viewModel.oneScale;
    const isUnknown = (id) => answers.has(id) && answers.get(id).unknown === true;
    const ofLines = (key, many, ids, values) =>
      ids.length > MOST_LINES
        ? words.phrase(many, { ...values, count: ids.length })
        : words.phrase(key, { ...values, count: ids.length, lines: words.and(ids.map(line)) });

    function why() {
      const known = result.why.questions.filter(
        (id) => answers.has(id) && !isUnknown(id) && viewModel.shown.has(id)
      );
      const groups = groupBy(known, (id) => (countsAs(id) ? titleOf(id, countsAs(id)) : ''));
      return [...groups].map(([answer, ids]) =>
        ofLines(answer ? 'why' : 'why_other', answer ? 'why_many' : 'why_other', ids, {
          answer,
          lines: ids.length,
        })
      );
    }

    /**
     * The lines that nobody could tell about: they come to a verdict, and are a finding of their
     * own.
     */
    function unknowns() {
      const ids = [...viewModel.shown].filter(isUnknown);
      return ids.length
        ? [
            ofLines('why_unknown', 'why_many', ids, {
              answer: words.answer(words.phrase('unknown')),
            }),
          ]
        : [];
    }

    /** Changes of one line: those to the same verdict by the same lines are one sentence. */
    function tips() {
      const single = outlook.distance.filter((one) => Object.keys(one.changes).length === 1);
      if (single.length < outlook.distance.length) return pairs();
      const changes = single.map(({ changes: one, verdict: id }) => {
        const [[question, answer]] = Object.entries(one);
        return { question, answer, id, title: titleOf(question, answer) };
      });
      const sorted = [...groupBy(changes, (one) => `${one.id} ${one.title}`).values()];
      const byLines = groupBy(
        sorted,
        (ones) => `${ones[0].id} ${ones.map((one) => line(one.question))}`
      );
      return [...byLines.values()].slice(0, MOST_TIPS).map((groups) => tip(groups));
    }

    /** Lines of which each, turned to one of these answers, makes it another verdict. */
    function tip(groups) {
      const [[{ id, answer, title }]] = groups;
      const ids = groups[0].map((one) => one.question);
      const count = ids.length;
      const makes = verdict(id).title;
      if (
        scale &&
        groups.length === 1 &&
        answer === scale.worst &&
        count > 1 &&
        count === others(answer)
      ) {
        return words.phrase(result.counts[answer] ? 'tip_more' : 'tip_first', {
          answer: title,
          verdict: makes,
        });
      }
      const place = (one) =>
        model.scales.get(one.question).answers.findIndex(({ id: own }) => own === one.answer);
      const best = (one) =>
        model.scales.get(one.question).worst === model.scales.get(one.question).answers[0].id
          ? -place(one)
          : place(one);
      const titles = words.or([
        ...new Set(
          groups
            .map(([one]) => one)
            .sort((a, b) => best(a) - best(b))
            .map((one) => one.title)
        ),
      ]);
      const values = { count, answers: titles, verdict: makes };
      return count > MOST_LINES
        ? words.phrase('tip_many', values)
        : words.phrase('tip', { ...values, lines: words.or(ids.map(line)) });
    }

    /** How many lines have another answer than this one. */
    const others = (answer) =>
      [...viewModel.shown].filter((id) => answers.has(id) && answers.get(id) !== answer).length;

    function pairs() {
      return [...groupBy(outlook.distance, (one) => one.verdict)]
        .slice(0, MOST_TIPS)
        .map(([id, ones]) => {
          const ids = [...new Set(ones.flatMap((one) => Object.keys(one.changes)))].sort(
            (a, b) => line(a) - line(b)
          );
          const sets = new Set(ones.map((one) => Object.keys(one.changes).join()));
          const any = sets.size === (ids.length * (ids.length - 1)) / 2;
          const key = sets.size === 1 ? 'tip_pair' : any ? 'tip_two_of' : 'tip_two';
          const titles = new Set(
            ones.flatMap((one) => Object.entries(one.changes).map((pair) => titleOf(...pair)))
          );
          const order = scale ? scale.answers.map((one) => words.answer(one.title)) : [...titles];
          if (scale && scale.worst === scale.answers[0].id) order.reverse();
          const ordered = words.or(order.filter((one) => titles.has(one)));
          return words.phrase(key, {
            lines: words.and(ids.map(line)),
            answers: ordered,
            verdict: verdict(id).title,
          });
        });
    }

    function phrase() {
      if (result.verdict) return verdict(result.verdict).title;
      if (viewModel.blank) return words.phrase('nothing_yet');
      if (!result.possible.length) return words.phrase('possible_none');
      if (result.possible.length > 3) return words.phrase('possible_many');
      return words.phrase('possible_few', {
        verdicts: words.or(result.possible.map((id) => verdict(id).title)),
      });
    }

    function counts() {
      const { unknown, na, answered } = result.coverage;
      const found = [];
      if (scale) {
        const worstFirst =
          scale.worst === scale.answers[0].id ? scale.answers : [...scale.answers].reverse();
        const given = [...viewModel.shown].map((id) => (isUnknown(id) ? '' : countsAs(id)));
        for (const { id, title } of worstFirst) {
          const count = given.filter((one) => one === id).length;
          if (count) found.push(words.phrase('bar_count', { count, answer: words.answer(title) }));
        }
      } else if (answered) found.push(words.phrase('bar_answered', { count: answered }));
      if (unknown)
        found.push(
          words.phrase('bar_count', {
            count: unknown,
            answer: words.lower(words.phrase('unknown')),
          })
        );
      if (na) found.push(words.phrase('bar_na', { count: na }));
      if (viewModel.open) found.push(words.phrase('bar_open', { count: viewModel.open }));
      return found.join(', ');
    }

    function more() {
      const { more: id } = outlook;
      if (!id || result.verdict) return '';
      return words.phrase(result.counts[scale.worst] ? 'bar_more' : 'bar_first', {
        answer: words.answer(scale.answers.find((one) => one.id === scale.worst).title),
        verdict: verdict(id).title,
      });
    }

    return {
      verdict,
      phrase: phrase(),
      counts: [counts(), more()].filter(Boolean).join(' · '),
      why,
      unknowns,
      tips,
    };
  }

  window.playbook.messages = { makeWords, sentences };
})();
