// What a reading is: one filled-in copy of an assessment or a worksheet. Plain values, no page and
// no storage.
'use strict';

window.playbook = window.playbook || /** @type {Playbook} */ ({});

(() => {
  const FORMAT = 1;
  const TEXTS = ['id', 'assessment', 'subject', 'chair', 'date', 'send', 'changed'];
  const MAPS = ['answers', 'notes', 'moves'];

  const has = (map, key) => Object.prototype.hasOwnProperty.call(map, key);
  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

  /** An empty reading of an assessment. */
  function blank(assessment) {
    const id = Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
    return {
      format: FORMAT,
      id,
      assessment: assessment.id,
      version: assessment.version,
      subject: '',
      chair: '',
      date: '',
      answers: {},
      notes: {},
      moves: {},
      send: '',
      next: '',
      changed: '',
    };
  }

  /**
   * A copy of a reading with one value changed; an empty value takes the entry out, and what then
   * holds nothing.
   * @param {object} reading
   * @param {{path: string[], value: *}} change e.g. {path: ['notes', 'metric_integrity'], value:
   *   'no baseline'}
   */
  function changed(reading, { path: [key, ...steps], value }) {
    if (steps.length === 0) return { ...reading, [key]: value };
    const inner = changed(isObject(reading[key]) ? reading[key] : {}, { path: steps, value });
    const left = inner[steps[0]];
    if (value === '' && (left === '' || !Object.keys(left).length)) delete inner[steps[0]];
    return { ...reading, [key]: inner };
  }

  /** A reading with several changes, stamped with the time. */
  function withChanges(reading, changes) {
    return { ...changes.reduce(changed, reading), changed: new Date().toISOString() };
  }

  /**
   * The ids of earlier versions that a part of a reading still has, with those that took their
   * place.
   */
  const moved = (part, { was, questions }) =>
    Object.entries(was).filter(
      ([earlier]) => has(part, earlier) && !questions.some(({ id }) => id === earlier)
    );

  /**
   * A reading under today's ids, as it is shown. What is there under old and new ids stays; the
   * score tells of it.
   */
  function carried(reading, assessment) {
    const copy = { ...reading };
    for (const map of MAPS) {
      for (const [earlier, ids] of moved(reading[map], assessment)) {
        if (ids.some((id) => has(reading[map], id))) continue;
        const { [earlier]: value, ...entries } = copy[map];
        copy[map] = { ...entries, ...Object.fromEntries(ids.map((id) => [id, value])) };
      }
    }
    if (has(assessment.was, copy.send)) [copy.send] = assessment.was[copy.send];
    return copy;
  }

  /**
   * What has to change with a value so that it is kept under today's id and no longer under its old
   * one as well.
   */
  function settling(reading, assessment, [map, id]) {
    const changes =
      reading.version < assessment.version
        ? [{ path: ['version'], value: assessment.version }]
        : [];
    if (!MAPS.includes(map)) return changes;
    for (const [earlier, ids] of moved(reading[map], assessment)) {
      if (!ids.includes(id)) continue;
      for (const target of ids)
        if (!has(reading[map], target))
          changes.push({ path: [map, target], value: reading[map][earlier] });
      changes.push({ path: [map, earlier], value: '' });
    }
    return changes;
  }

  /**
   * Whether a stored value has the shape of a reading that this release understands.
   * @returns {value is Reading}
   */
  function isReading(value) {
    return (
      isObject(value) &&
      value.format === FORMAT &&
      Number.isInteger(value.version) &&
      value.id !== '' &&
      TEXTS.every((key) => typeof value[key] === 'string') &&
      typeof (value.next ?? '') === 'string' &&
      MAPS.every((key) => isObject(value[key])) &&
      Object.values(value.notes).every((note) => typeof note === 'string') &&
      Object.values(value.moves).every(
        (move) => isObject(move) && Object.values(move).every((text) => typeof text === 'string')
      )
    );
  }

  /** Whether a later release wrote it: left alone, never set aside. */
  function isNewer(value, assessment) {
    return isObject(value) && (value.format > FORMAT || value.version > assessment.version);
  }

  function isEmpty(reading) {
    return (
      !reading.subject &&
      !reading.chair &&
      !reading.next &&
      !Object.keys(reading.answers).length &&
      !Object.values(reading.notes).some(Boolean) &&
      !Object.values(reading.moves).some((move) => Object.values(move).some(Boolean))
    );
  }

  window.playbook.reading = { blank, withChanges, carried, settling, isReading, isNewer, isEmpty };
})();
