// Keeps the reading of a form while it is filled in: changes go to the store one after the other,
// and what other tabs have changed comes back. Nothing counts as kept before the store has said so.
'use strict';

(() => {
  const { reading: readings, storage } = window.playbook;

  /** What a reading says, whenever it was changed. */
  const contents = (reading) => JSON.stringify({ ...reading, changed: '' });

  class Autosave {
    #sheet;
    #listeners;
    #pending = []; // changes that are not kept yet
    #sending = []; // and those on their way

    /** @type {Store | null} */
    store = null;
    /** @type {(() => Promise<Store>) | null} */
    ask = null;
    failure = '';

    /**
     * @param {Sheet} sheet
     * @param {AutosaveListeners} listeners `onReading`: another reading, or others' changes in it;
     *   `onKept`: these changes are kept, or, with a `failure`, nothing could be; `onStore`:
     *   another tab has changed what the store holds
     */
    constructor(sheet, listeners) {
      this.#sheet = sheet;
      this.#listeners = listeners;
      this.reading = readings.blank(sheet);
    }

    get waiting() {
      return this.#pending.length + this.#sending.length > 0;
    }

    change(...changes) {
      if (readings.isNewer(this.reading, this.#sheet)) return; // only to be read
      this.reading = readings.withChanges(this.reading, changes);
      this.#pending.push(...changes);
      this.#keep();
    }

    /** Waits until all changes are kept; false where they cannot be. */
    async settled() {
      while (this.#sending.length)
        await new Promise((resolve) => {
          setTimeout(resolve, 10);
        });
      await this.#keep();
      return !!this.store && !this.#pending.length;
    }

    // --- readings --------------------------------------------------------------------------

    openBlank() {
      this.#open(readings.blank(this.#sheet));
    }

    async openById(id) {
      const kept = (await this.settled()) && (await this.#kept(id));
      this.#open(kept || this.reading);
    }

    #open(reading) {
      this.reading = reading;
      storage.current.set(this.#sheet.id, reading.id);
      this.#listeners.onReading();
    }

    /** What the store holds under an id: null where it cannot say, undefined where nothing. */
    #kept(id) {
      return this.store.find(id).catch(() => null);
    }

    /** Takes the reading out of the store. Gives a function that puts it back. */
    async clear() {
      if (!(await this.settled())) return null;
      const before = this.reading;
      try {
        await this.store.remove(before.id);
      } catch (error) {
        this.#fail(error);
        return null;
      }
      storage.tell(before.id, true);
      this.openBlank();
      return () => {
        this.#open(before);
        this.#keepInFull();
      };
    }

    // --- the store -------------------------------------------------------------------------

    /**
     * Opens the store, and goes on with the reading of this tab or the newest; what was typed
     * meanwhile stays on top.
     */
    async begin() {
      try {
        Object.assign(this, await storage.open());
        await this.store.list(this.#sheet);
      } catch {
        Object.assign(this, { store: storage.forgetful(), ask: null });
      }
      const { readings: kept } = await this.list();
      const current = storage.current.get(this.#sheet.id);
      const last = kept.find(({ id }) => id === current) || kept[0];
      const typed = this.#pending;
      if (last) this.reading = typed.length ? readings.withChanges(last, typed) : last;
      this.#listeners.onReading();
      this.#keep();
    }

    /** After a reader's yes: from memory into the store that lasts. */
    async agree() {
      try {
        const typed = (await this.list()).readings;
        this.store = await this.ask();
        this.ask = null;
        for (const reading of typed) await this.store.keep(reading, []);
        this.#listeners.onReading();
      } catch (error) {
        this.#fail(error);
      }
    }

    /**
     * What the store holds, the newest reading first; `newer` can be read, `later` not even that.
     */
    async list() {
      const held = await this.store
        .list(this.#sheet)
        .catch(() => ({ readings: [], newer: [], aside: [] }));
      held.readings.sort((a, b) => (a.changed < b.changed ? 1 : -1));
      return {
        ...held,
        newer: held.newer.filter(readings.isReading),
        later: held.newer.filter((reading) => !readings.isReading(reading)),
      };
    }

    // --- keeping ---------------------------------------------------------------------------

    async #keep() {
      if (this.#sending.length || !this.store || !this.#pending.length) return;
      const batch = (this.#sending = this.#pending);
      this.#pending = [];
      try {
        const { id } = this.reading;
        const kept = await this.store.keep(this.reading, batch);
        this.failure = '';
        this.#sending = [];
        storage.current.set(this.#sheet.id, id);
        storage.tell(id);
        this.#takeOver(kept);
      } catch (error) {
        this.#pending = [...batch, ...this.#pending];
        this.#fail(error);
        return;
      }
      this.#listeners.onKept(batch);
      await this.#keep();
    }

    /** A change that changes nothing: what the store does not have, it gets in full. */
    #keepInFull() {
      this.change({ path: ['subject'], value: this.reading.subject });
    }

    #fail(error) {
      this.failure = error.name;
      this.#sending = [];
      this.#listeners.onKept([]);
    }

    // --- other tabs ------------------------------------------------------------------------

    /**
     * Another tab has changed the reading with this id, or cleared it; without an id, any may have
     * changed.
     */
    async otherTab({ id, cleared }) {
      const shown = this.reading;
      if (cleared && id === shown.id && !this.waiting) this.openBlank();
      const kept =
        this.store && (!id || id === shown.id) && !cleared && (await this.#kept(shown.id));
      if (readings.isReading(kept)) this.#takeOver(kept);
      else if (kept === undefined && shown === this.reading && !readings.isEmpty(shown))
        this.#keepInFull(); // the store lost it
      this.#listeners.onStore();
    }

    /** Takes over what the store holds, under the changes that it does not hold yet. */
    #takeOver(kept) {
      if (kept.id !== this.reading.id) return;
      const changes = [...this.#sending, ...this.#pending];
      const shown = this.reading;
      this.reading = changes.length ? readings.withChanges(kept, changes) : kept;
      if (contents(this.reading) !== contents(shown)) this.#listeners.onReading();
    }
  }

  window.playbook.Autosave = Autosave;
})();
