/* Search in a folder. A browser starts no Worker from file://, so the theme's search script runs in
   an empty, hidden frame of the page instead: same script, same messages. Only the frame's script
   element needs the policy's 'self'. Over http this file does nothing. The name IFrameWorker tells
   the theme's script to look for its languages there. */
'use strict';

if (location.protocol === 'file:') {
  window.Worker = window.IFrameWorker = class extends EventTarget {
    constructor(address) {
      super();
      this.frame = document.createElement('iframe');
      this.frame.hidden = true;
      this.ready = new Promise((resolve) => {
        this.frame.addEventListener('load', () => resolve(this.furnish(address)), { once: true });
      });
      document.body.append(this.frame);
    }

    /** Gives the frame what a worker's script expects of its surroundings. */
    furnish(address) {
      const inside = this.frame.contentWindow;
      inside.postMessage = (data) => {
        const message = new MessageEvent('message', { data });
        this.dispatchEvent(message);
      };
      inside.importScripts = (...addresses) =>
        addresses.reduce((before, next) => before.then(() => this.load(next)), Promise.resolve());
      return this.load(address);
    }

    load(address) {
      const inside = this.frame.contentDocument;
      const script = inside.createElement('script');
      script.src = new URL(address, location.href).href;
      return new Promise((resolve, reject) => {
        script.onload = resolve;
        script.onerror = reject;
        inside.head.append(script);
      });
    }

    postMessage(data) {
      this.ready.then(() =>
        this.frame.contentWindow.dispatchEvent(new MessageEvent('message', { data }))
      );
    }
  };
}
