// Words: the phrases of words.yml, and what is said of a result, as plain text.
'use strict';

(() => {
  const MOST_LINES = 12; // listed one by one; more are counted
  const MOST_TIPS = 4;
  const LONG = /^(.{50}\S*)\s.{10,}$/s; // an answer whose first words are enough within a sentence

  /** A phrase of words.yml: `{name}`s filled in, the form chosen by `count`. */
  function speaker(words) {
    const plural = new Intl.PluralRules(words.language);
    const list = (type) => new Intl.ListFormat(words.language, { type });
    const day = new Intl.DateTimeFormat(words.language, { dateStyle: 'long', timeZone: 'UTC' }); // costly to make
    const formats = new Map(); // costly too
    const lists = { and: list('conjunction'), or: list('disjunction') };
    const speak = {
      say(key, values = {}) {
        const phrase = words[key];
        const text = typeof phrase === 'string' ? phrase : phrase[plural.select(values.count)] || phrase.other;
        return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
      },
      and: (items) => lists.and.format(items.map(String)),
      or: (items) => lists.or.format(items.map(String)),
      date: (iso) => (Date.parse(iso) ? day.format(new Date(iso)) : iso),
      lower: (text) => text.toLocaleLowerCase(words.language),
      point: (0.5).toLocaleString(words.language)[1],
      number(value, least, most) {
        const key = `${least} ${most}`;
        if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(words.language, { minimumFractionDigits: least, maximumFractionDigits: most }));
        return formats.get(key).format(value);
      },
      /** An answer within a sentence: red; in quotes what is more than a word with a capital. See wording.py. */
      answer: (title) => (/^\p{L}\p{Ll}+$/u.test(title) ? speak.lower(title) : speak.say('rule_quoted', { answer: title.replace(LONG, '$1 …') })),
    };
    return speak;
  }

  function groupBy(items, key) {
    const groups = new Map();
    for (const item of items) groups.set(key(item), [...(groups.get(key(item)) || []), item]);
    return groups;
  }

  /** What is said of a result; `scored` is what assessment.js makes of a reading. */
  function sentences(scored) {
    const { assessment, form, lines, answers, result, speak, further, countsAs } = scored;
    const verdict = (id) => assessment.verdicts.find((one) => one.id === id);
    const line = (id) => lines.get(id);
    const titleOf = (id, answer) => speak.answer(form.scales.get(id).answers.find((one) => one.id === answer).title);
    const scale = scored.oneScale;
    const isUnknown = (id) => answers.has(id) && answers.get(id).unknown === true;
    const told = (key, many, ids, values) => (ids.length > MOST_LINES ? speak.say(many, { ...values, count: ids.length })
      : speak.say(key, { ...values, count: ids.length, lines: speak.and(ids.map(line)) }));

    function why() {
      const known = result.why.questions.filter((id) => answers.has(id) && !isUnknown(id) && scored.shown.has(id));
      const groups = groupBy(known, (id) => (countsAs(id) ? titleOf(id, countsAs(id)) : ''));
      return [...groups].map(([answer, ids]) => told(answer ? 'why' : 'why_other', answer ? 'why_many' : 'why_other', ids, { answer, lines: ids.length }));
    }

    /** The lines that nobody could tell about: they come to a verdict, and are a finding of their own. */
    function unknowns() {
      const ids = [...scored.shown].filter(isUnknown);
      return ids.length ? [told('why_unknown', 'why_many', ids, { answer: speak.answer(speak.say('unknown')) })] : [];
    }

    /** Changes of one line: those to the same verdict by the same lines are one sentence. */
    function tips() {
      const single = further.distance.filter((one) => Object.keys(one.changes).length === 1);
      if (single.length < further.distance.length) return pairs();
      const changes = single.map(({ changes: one, verdict: id }) => {
        const [[question, answer]] = Object.entries(one);
        return { question, answer, id, title: titleOf(question, answer) };
      });
      const sorted = [...groupBy(changes, (one) => `${one.id} ${one.title}`).values()];
      const byLines = groupBy(sorted, (ones) => `${ones[0].id} ${ones.map((one) => line(one.question))}`);
      return [...byLines.values()].slice(0, MOST_TIPS).map((groups) => tip(groups));
    }

    /** Lines of which each, turned to one of these answers, makes it another verdict. */
    function tip(groups) {
      const [[{ id, answer, title }]] = groups, ids = groups[0].map((one) => one.question), count = ids.length;
      const makes = verdict(id).title;
      if (scale && groups.length === 1 && answer === scale.worst && count > 1 && count === others(answer)) {
        return speak.say(result.counts[answer] ? 'tip_more' : 'tip_first', { answer: title, verdict: makes });
      }
      const place = (one) => form.scales.get(one.question).answers.findIndex(({ id: own }) => own === one.answer);
      const best = (one) => (form.scales.get(one.question).worst === form.scales.get(one.question).answers[0].id ? -place(one) : place(one));
      const answersTold = speak.or([...new Set(groups.map(([one]) => one).sort((a, b) => best(a) - best(b)).map((one) => one.title))]);
      const values = { count, answers: answersTold, verdict: makes };
      return count > MOST_LINES ? speak.say('tip_many', values) : speak.say('tip', { ...values, lines: speak.or(ids.map(line)) });
    }

    /** How many lines have another answer than this one. */
    const others = (answer) => [...scored.shown].filter((id) => answers.has(id) && answers.get(id) !== answer).length;

    function pairs() {
      return [...groupBy(further.distance, (one) => one.verdict)].slice(0, MOST_TIPS).map(([id, ones]) => {
        const ids = [...new Set(ones.flatMap((one) => Object.keys(one.changes)))].sort((a, b) => line(a) - line(b));
        const sets = new Set(ones.map((one) => Object.keys(one.changes).join()));
        const any = sets.size === (ids.length * (ids.length - 1)) / 2;
        const key = sets.size === 1 ? 'tip_pair' : any ? 'tip_two_of' : 'tip_two';
        const titles = new Set(ones.flatMap((one) => Object.entries(one.changes).map((pair) => titleOf(...pair))));
        const order = scale ? scale.answers.map((one) => speak.answer(one.title)) : [...titles];
        if (scale && scale.worst === scale.answers[0].id) order.reverse();
        const answersTold = speak.or(order.filter((one) => titles.has(one)));
        return speak.say(key, { lines: speak.and(ids.map(line)), answers: answersTold, verdict: verdict(id).title });
      });
    }

    function phrase() {
      if (result.verdict) return verdict(result.verdict).title;
      if (scored.blank) return speak.say('nothing_yet');
      if (!result.possible.length) return speak.say('possible_none');
      if (result.possible.length > 3) return speak.say('possible_many');
      return speak.say('possible_few', { verdicts: speak.or(result.possible.map((id) => verdict(id).title)) });
    }

    function counts() {
      const { unknown, na, answered } = result.coverage, found = [];
      if (scale) {
        const worstFirst = scale.worst === scale.answers[0].id ? scale.answers : [...scale.answers].reverse();
        const given = [...scored.shown].map((id) => (isUnknown(id) ? '' : countsAs(id)));
        for (const { id, title } of worstFirst) {
          const count = given.filter((one) => one === id).length;
          if (count) found.push(speak.say('bar_count', { count, answer: speak.answer(title) }));
        }
      } else if (answered) found.push(speak.say('bar_answered', { count: answered }));
      if (unknown) found.push(speak.say('bar_count', { count: unknown, answer: speak.lower(speak.say('unknown')) }));
      if (na) found.push(speak.say('bar_na', { count: na }));
      if (scored.open) found.push(speak.say('bar_open', { count: scored.open }));
      return found.join(', ');
    }

    function more() {
      const { more: id } = further;
      if (!id || result.verdict) return '';
      return speak.say(result.counts[scale.worst] ? 'bar_more' : 'bar_first', {
        answer: speak.answer(scale.answers.find((one) => one.id === scale.worst).title), verdict: verdict(id).title });
    }

    return { verdict, phrase: phrase(), counts: [counts(), more()].filter(Boolean).join(' · '), why, unknowns, tips };
  }

  window.playbook.speaking = { speaker, sentences };
})();
