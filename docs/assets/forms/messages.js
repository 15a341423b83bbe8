// Words: the phrases of words.yml, and what is said of a result, as plain text.
'use strict';

(() => {
  const MOST_LINES = 12; // listed one by one; more are counted
  const MOST_TIPS = 4;
  const LONG = /^(.{50}\S*)\s.{10,}$/s; // an answer whose first words are enough within a sentence

  /** The phrases of words.yml, and how the language writes lists, dates and numbers. */
  class Words {
    #phrases;
    #plural;
    #and;
    #or;
    #day;
    #numbers = new Map(); // how they are written, by their decimals: costly to make

    /** @param {Named} phrases */
    constructor(phrases) {
      this.#phrases = phrases;
      this.#plural = new Intl.PluralRules(phrases.language);
      this.#and = new Intl.ListFormat(phrases.language, { type: 'conjunction' });
      this.#or = new Intl.ListFormat(phrases.language, { type: 'disjunction' });
      this.#day = new Intl.DateTimeFormat(phrases.language, { dateStyle: 'long', timeZone: 'UTC' });
      this.point = (0.5).toLocaleString(phrases.language)[1];
    }

    /** A phrase with its `{name}`s filled in, in the form that `count` asks for. */
    phrase(key, values = {}) {
      const entry = this.#phrases[key];
      const text =
        typeof entry === 'string' ? entry : entry[this.#plural.select(values.count)] || entry.other;
      return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
    }

    and(items) {
      return this.#and.format(items.map(String));
    }

    or(items) {
      return this.#or.format(items.map(String));
    }

    date(iso) {
      return Date.parse(iso) ? this.#day.format(new Date(iso)) : iso;
    }

    lower(text) {
      return text.toLocaleLowerCase(this.#phrases.language);
    }

    number(value, least, most) {
      const decimals = { minimumFractionDigits: least, maximumFractionDigits: most };
      const key = `${least} ${most}`;
      if (!this.#numbers.has(key))
        this.#numbers.set(key, new Intl.NumberFormat(this.#phrases.language, decimals));
      return this.#numbers.get(key).format(value);
    }

    /**
     * An answer within a sentence: red; in quotes what is more than a word with a capital. See
     * in_words.py.
     */
    answer(title) {
      return /^\p{L}\p{Ll}+$/u.test(title)
        ? this.lower(title)
        : this.phrase('rule_quoted', { answer: title.replace(LONG, '$1 …') });
    }
  }

  function groupBy(items, key) {
    const groups = new Map();
    for (const item of items) groups.set(key(item), [...(groups.get(key(item)) || []), item]);
    return groups;
  }

  const bestFirst = ({ worst, answers }) =>
    worst === answers[0].id ? [...answers].reverse() : answers;

  /** Which phrase tells of so many different pairs of lines. */
  function pairPhrase(pairs, lines) {
    if (pairs === 1) return 'tip_pair';
    return pairs === (lines * (lines - 1)) / 2 ? 'tip_two_of' : 'tip_two';
  }

  /** What is said of a result. */
  class Sentences {
    /** @type {ViewModel} */
    #viewModel;

    /** @param {ViewModel} viewModel */
    constructor(viewModel) {
      this.#viewModel = viewModel;
      this.phrase = this.#phrase();
      this.counts = [this.#counts(), this.#more()].filter(Boolean).join(' · ');
    }

    verdict(id) {
      return this.#viewModel.assessment.verdicts.find((verdict) => verdict.id === id);
    }

    /** The lines that the verdict rests on, by their answers. */
    why() {
      const { result, answers, shown, countsAs } = this.#viewModel;
      const known = result.why.questions.filter(
        (id) => answers.has(id) && !this.#isUnknown(id) && shown.has(id)
      );
      const groups = groupBy(known, (id) => (countsAs(id) ? this.#title(id, countsAs(id)) : ''));
      return [...groups].map(([answer, ids]) =>
        answer
          ? this.#ofLines('why', 'why_many', ids, answer)
          : this.#ofLines('why_other', 'why_other', ids)
      );
    }

    /**
     * The lines that nobody could tell about: they come to a verdict, and are a finding of their
     * own.
     */
    unknowns() {
      const { shown, words } = this.#viewModel;
      const ids = [...shown].filter((id) => this.#isUnknown(id));
      const answer = words.answer(words.phrase('unknown'));
      return ids.length ? [this.#ofLines('why_unknown', 'why_many', ids, answer)] : [];
    }

    /** What would make it another verdict. */
    tips() {
      const ways = this.#viewModel.outlook.distance;
      return ways.every(({ changes }) => Object.keys(changes).length === 1)
        ? this.#tipsOfLines(ways)
        : this.#tipsOfPairs(ways);
    }

    // --- of a verdict ----------------------------------------------------------------------

    #phrase() {
      const { result, blank, words } = this.#viewModel;
      if (result.verdict) return this.verdict(result.verdict).title;
      if (blank) return words.phrase('nothing_yet');
      if (!result.possible.length) return words.phrase('possible_none');
      if (result.possible.length > 3) return words.phrase('possible_many');
      return words.phrase('possible_few', {
        verdicts: words.or(result.possible.map((id) => this.verdict(id).title)),
      });
    }

    /** How many lines have which answer. */
    #counts() {
      const { result, oneScale, open, words } = this.#viewModel;
      const { answered, unknown, na } = result.coverage;
      const counts = [
        ...(oneScale ? this.#countsOfAnswers() : [['bar_answered', answered]]),
        ['bar_count', unknown, words.lower(words.phrase('unknown'))],
        ['bar_na', na],
        ['bar_open', open],
      ];
      return counts
        .filter(([, count]) => count)
        .map(([key, count, answer]) => words.phrase(key, { count, answer }))
        .join(', ');
    }

    /** How many lines have each answer of the only scale, the worst first. */
    #countsOfAnswers() {
      const { oneScale, shown, countsAs, words } = this.#viewModel;
      const given = [...shown].map((id) => (this.#isUnknown(id) ? '' : countsAs(id)));
      const counts = bestFirst(oneScale).map(({ id, title }) => [
        'bar_count',
        given.filter((answer) => answer === id).length,
        words.answer(title),
      ]);
      return counts.reverse();
    }

    /** The verdict that one more worst answer makes. */
    #more() {
      const { outlook, result, oneScale, words } = this.#viewModel;
      if (!outlook.more || result.verdict) return '';
      const { worst, answers } = oneScale;
      return words.phrase(result.counts[worst] ? 'bar_more' : 'bar_first', {
        answer: words.answer(answers.find(({ id }) => id === worst).title),
        verdict: this.verdict(outlook.more).title,
      });
    }

    // --- of lines --------------------------------------------------------------------------

    #line(id) {
      return this.#viewModel.lines.get(id);
    }

    #isUnknown(id) {
      return this.#viewModel.answers.get(id)?.unknown === true;
    }

    #scale(id) {
      return this.#viewModel.model.scales.get(id);
    }

    /** The answer to a question, within a sentence. */
    #title(id, answer) {
      const { answers } = this.#scale(id);
      return this.#viewModel.words.answer(answers.find((one) => one.id === answer).title);
    }

    /** A phrase with the numbers of lines; `many` where there are so many that they are counted. */
    #ofLines(key, many, ids, answer) {
      const { words } = this.#viewModel;
      const count = ids.length;
      const isMany = count > MOST_LINES;
      const lines = isMany ? count : words.and(ids.map((id) => this.#line(id)));
      return words.phrase(isMany ? many : key, { count, lines, answer });
    }

    // --- of the way to another verdict -----------------------------------------------------

    /** Changes of one line: those to the same verdict by the same lines are one sentence. */
    #tipsOfLines(ways) {
      const changes = ways.map((way) => {
        const [[question, answer]] = Object.entries(way.changes);
        return { question, answer, verdict: way.verdict, title: this.#title(question, answer) };
      });
      const byAnswer = groupBy(changes, ({ verdict, title }) => `${verdict} ${title}`);
      const byLines = groupBy(
        [...byAnswer.values()],
        (group) => `${group[0].verdict} ${group.map(({ question }) => this.#line(question))}`
      );
      return [...byLines.values()].slice(0, MOST_TIPS).map((groups) => this.#tipOfLines(groups));
    }

    /** Lines of which each, turned to one of these answers, makes it another verdict. */
    #tipOfLines(groups) {
      const { result, words } = this.#viewModel;
      const [changes] = groups; // the lines are the same in all
      const [{ answer, title, verdict: id }] = changes;
      const verdict = this.verdict(id).title;
      const count = changes.length;
      if (groups.length === 1 && this.#isAnyToWorst(answer, count))
        return words.phrase(result.counts[answer] ? 'tip_more' : 'tip_first', {
          answer: title,
          verdict,
        });
      const answers = words.or(this.#titlesBestFirst(groups.map(([change]) => change)));
      const lines = words.or(changes.map(({ question }) => this.#line(question)));
      const key = count > MOST_LINES ? 'tip_many' : 'tip';
      return words.phrase(key, { count, lines, answers, verdict });
    }

    /** Whether it is the worst answer, and so many lines are all that have another one. */
    #isAnyToWorst(answer, count) {
      const { oneScale, shown, answers } = this.#viewModel;
      const others = [...shown].filter((id) => answers.has(id) && answers.get(id) !== answer);
      return answer === oneScale?.worst && count > 1 && count === others.length;
    }

    #titlesBestFirst(changes) {
      const place = ({ question, answer }) =>
        bestFirst(this.#scale(question)).findIndex(({ id }) => id === answer);
      const sorted = changes.sort((a, b) => place(a) - place(b));
      return [...new Set(sorted.map(({ title }) => title))];
    }

    /** Changes of two lines: those to the same verdict are one sentence. */
    #tipsOfPairs(ways) {
      return [...groupBy(ways, ({ verdict }) => verdict)]
        .slice(0, MOST_TIPS)
        .map(([verdict, group]) => this.#tipOfPairs(verdict, group));
    }

    #tipOfPairs(id, ways) {
      const { words } = this.#viewModel;
      const pairs = ways.map(({ changes }) => Object.keys(changes));
      const lines = [...new Set(pairs.flat())]
        .map((question) => this.#line(question))
        .sort((a, b) => a - b);
      return words.phrase(pairPhrase(new Set(pairs.map(String)).size, lines.length), {
        lines: words.and(lines),
        answers: words.or(this.#titlesOfPairs(ways)),
        verdict: this.verdict(id).title,
      });
    }

    /** The answers of these changes: the best first, where there is one scale. */
    #titlesOfPairs(ways) {
      const { oneScale, words } = this.#viewModel;
      const changes = ways.flatMap((way) => Object.entries(way.changes));
      const titles = new Set(changes.map(([question, answer]) => this.#title(question, answer)));
      if (!oneScale) return [...titles];
      return bestFirst(oneScale)
        .map(({ title }) => words.answer(title))
        .filter((title) => titles.has(title));
    }
  }

  window.playbook.messages = { Words, Sentences };
})();
