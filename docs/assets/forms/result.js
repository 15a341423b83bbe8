// Draws a result into its form: only what has changed. Text goes in as text; pictures are copies of
// those on the page.
'use strict';

(() => {
  const {
    measures, // only where one is measured
    messages,
    notices: { element },
  } = window.playbook;
  const write = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  // The phrase for each problem of answers.js that is told at the field itself.
  const FIELD_PROBLEMS = {
    not_a_number: 'told_number',
    out_of_range: 'told_range',
    not_a_whole_number: 'told_whole',
    na_needs_reason: 'told_reason',
  };

  /**
   * The places of a form that a result is drawn into.
   * @param {HTMLFormElement} form
   * @param {Assessment} assessment
   * @param {Words} words
   */
  function view(form, assessment, words) {
    const part = (name) => form.querySelector(`[data-part="${name}"]`);
    const byData = (name) =>
      new Map(
        [...form.querySelectorAll(`[data-${name}]`)].map((node) => [node.dataset[name], node])
      );
    const stamps = new Map(
      [...part('stamps').content.querySelectorAll('[data-mark]')].map((node) => [
        node.dataset.mark,
        node.firstElementChild,
      ])
    );
    const sections = byData('section');
    return {
      form,
      stamps,
      sections,
      questions: byData('question'),
      moves: byData('move'),
      told: new Map(),
      ranked: new Map(),
      bar: [...(part('marks')?.children || [])],
      phrase: part('phrase'),
      counts: part('counts'),
      spoken: part('spoken'),
      found: part('found'),
      verdicts: [...form.querySelectorAll('[data-verdict]')],
      list: part('moves'),
      progress: new Map([...sections].map(([id, node]) => [id, node.querySelector('.progress')])),
      cells: measures?.build(part('measures'), assessment, words),
    };
  }

  /** The mark of a line, by its name among the stamps. */
  function stampOf(view, { answers, model, countsAs, shown }, id) {
    if (!answers.has(id) || !shown.has(id)) return 'open';
    const answer = answers.get(id);
    if (answer.unknown) return 'unknown';
    if (answer.na !== undefined) return 'na';
    const name = `${model.assessment.scales.indexOf(model.scales.get(id))} ${countsAs(id)}`;
    return view.stamps.has(name) ? name : 'done';
  }

  function inWords(stamp, { model, countsAs, words }, id) {
    const key = { open: 'mark_open', unknown: 'unknown', na: 'na' }[stamp];
    if (key || !countsAs(id)) return words.lower(words.phrase(key || 'mark_answered'));
    const { answers } = model.scales.get(id);
    return words.answer(answers.find((answer) => answer.id === countsAs(id)).title);
  }

  function drawMarks(view, viewModel) {
    const { assessment, shown, words } = viewModel;
    view.bar.forEach((item, n) => {
      const { id, name } = assessment.questions[n];
      const stamp = stampOf(view, viewModel, id);
      if (item.hidden === shown.has(id)) item.hidden = !shown.has(id);
      if (item.dataset.answer === stamp) return;
      item.dataset.answer = stamp;
      item.replaceChildren(
        view.stamps.get(stamp).cloneNode(true),
        element(
          'span',
          words.phrase('mark_line', { line: name, answer: inWords(stamp, viewModel, id) }),
          'unseen'
        )
      );
    });
  }

  /** What surely does not apply is hidden, a section of which nothing does as well. */
  function drawShown(view, { assessment, shown, result, words }) {
    for (const { id, show } of assessment.questions)
      if (show !== undefined) view.questions.get(id).hidden = !shown.has(id);
    for (const { id, questions } of assessment.sections) {
      if (!view.sections.has(id)) continue;
      view.sections.get(id).hidden = !questions.some((question) => shown.has(question));
      const { answered, unknown, na, open } = result.coverage.sections[id];
      const done = answered + unknown + na;
      write(view.progress.get(id), words.phrase('section_progress', { done, all: done + open }));
    }
  }

  /**
   * Why a line stays open though something stands in it; while it is being typed, only once it was
   * told.
   */
  function drawTold(view, { result, words }, typing) {
    const codes = new Map(
      result.problems
        .filter(({ code }) => FIELD_PROBLEMS[code])
        .map(({ question, code }) => [question, code])
    );
    for (const id of new Set([...view.told.keys(), ...codes.keys()])) {
      const place = view.questions.get(id)?.querySelector('.told');
      const code = codes.get(id);
      if (!place || view.told.get(id) === code || (id === typing && code && !view.told.has(id)))
        continue;
      place.textContent = code
        ? words.phrase(FIELD_PROBLEMS[code], { limits: place.dataset.limits })
        : '';
      for (const field of view.questions.get(id).querySelectorAll('[aria-invalid]'))
        field.removeAttribute('aria-invalid');
      const field = code === 'na_needs_reason' ? '.reason textarea' : '[data-kind]';
      if (code) view.questions.get(id).querySelector(field).setAttribute('aria-invalid', 'true');
      if (code) view.told.set(id, code);
      else view.told.delete(id);
    }
  }

  function drawFound(view, sentences, viewModel) {
    const { result } = viewModel;
    const possible = new Set(result.possible);
    for (const item of view.verdicts) {
      item.classList.toggle('is', result.verdict === item.dataset.verdict);
      item.classList.toggle('out', !possible.has(item.dataset.verdict));
    }
    const paragraphs = paragraphsOf(sentences, viewModel);
    const shown = JSON.stringify(paragraphs);
    if (view.found.dataset.shown === shown) return;
    view.found.dataset.shown = shown;
    view.found.replaceChildren(
      ...paragraphs.filter(([, text]) => text).map(([name, text]) => element('p', text, name))
    );
  }

  /** What is said of a result in full: [class, text]. */
  function paragraphsOf(sentences, viewModel) {
    const { assessment, result, words, blank } = viewModel;
    const paragraphs = [];
    if (result.verdict) {
      const reasons = [
        ...sentences.why(),
        ...(measures?.why(viewModel) ?? []),
        ...sentences.unknowns(),
        ...sentences.tips(),
      ];
      paragraphs.push(
        ['title', sentences.phrase],
        ['say', sentences.verdict(result.verdict).say],
        ['reasons', reasons.join(' ')]
      );
    } else if (!blank) {
      const titles = result.possible.map((id) => sentences.verdict(id).title);
      const still = `${words.phrase('still_possible')}: ${words.and(titles)}.`;
      paragraphs.push(
        ['title', sentences.phrase],
        ['say', result.possible.length > 3 && still],
        ['reasons', sentences.unknowns().join(' ')]
      );
    }
    if (!blank) paragraphs.push(['counts', sentences.counts]);
    for (const { id, say } of assessment.warnings)
      if (result.warnings.includes(id)) paragraphs.push(['warning', say]);
    return paragraphs;
  }

  /** How near the answer to a line is to the worst of its scale: 0 for the best, or none. */
  function badness(viewModel, id) {
    const { model, countsAs, shown } = viewModel;
    const answer = shown.has(id) && countsAs(id);
    if (!answer) return 0;
    const { answers, worst } = model.scales.get(id);
    const last = answers.length - 1;
    const place = answers.findIndex((option) => option.id === answer);
    return (worst === answers[0].id ? last - place : place) / last;
  }

  /** The moves of the lines that ask for one, the worst first; all of them on a blank form. */
  function drawMoves(view, viewModel) {
    const { blank } = viewModel;
    const moved = new Set();
    for (const [id, item] of view.moves) {
      const rank = blank ? 1 : badness(viewModel, id);
      const stamp = blank || !rank ? '' : stampOf(view, viewModel, id);
      const before = view.ranked.get(id) || { rank: 1, stamp: '' };
      if (before.rank === rank && before.stamp === stamp) continue;
      view.ranked.set(id, { rank, stamp });
      item.hidden = !rank;
      if (before.rank !== rank) moved.add(item);
      item
        .querySelector('[data-part="mark"]')
        .replaceChildren(...(stamp ? [view.stamps.get(stamp).cloneNode(true)] : []));
    }
    const items = inOrder(view);
    // Those whose rank is as it was stand in their order already.
    for (let n = items.length - 1; n >= 0 && moved.size; n -= 1)
      if (moved.has(items[n])) view.list.insertBefore(items[n], items[n + 1] || null);
    view.form.classList.toggle('settled', !blank && !items.length);
  }

  /** The moves that are shown, the worst first. */
  function inOrder({ moves, ranked }) {
    const rankOf = (id) => (ranked.has(id) ? ranked.get(id).rank : 1);
    const ids = [...moves.keys()].filter(rankOf).sort((a, b) => rankOf(b) - rankOf(a));
    return ids.map((id) => moves.get(id));
  }

  function drawBar(view, viewModel) {
    const sentences = new messages.Sentences(viewModel);
    write(view.phrase, sentences.phrase);
    write(view.counts, sentences.counts);
    return sentences;
  }

  /**
   * What is said of a result; again once more is known of it. Gives the text for a screen reader.
   */
  function tell(view, viewModel) {
    const sentences = drawBar(view, viewModel);
    drawFound(view, sentences, viewModel);
    return [sentences.phrase.replace(/\?$/, ''), ...sentences.counts.split(' · ')].join('. ');
  }

  /**
   * Draws what of a result stands beside the answers.
   * @param {object} view what `view` gave
   * @param {ViewModel} viewModel
   * @param {string} [typing] the question that is being typed into
   */
  function draw(view, viewModel, typing) {
    view.form.classList.toggle('blank', viewModel.blank);
    drawShown(view, viewModel);
    drawMarks(view, viewModel);
    drawTold(view, viewModel, typing);
    drawBar(view, viewModel);
  }

  /** Draws what stands below them; gives the text for a screen reader. */
  function drawRest(view, viewModel) {
    drawMoves(view, viewModel);
    measures?.draw(view.cells, viewModel);
    return tell(view, viewModel);
  }

  window.playbook.result = { view, draw, drawRest, tell };
})();
