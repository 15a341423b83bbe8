/**
 * What the scripts of the site give each other, for `tsc`. Nothing of this is served. An expression
 * is what macros/rules/compiler.py makes of one; what is asked of the page by a selector is what
 * its template wrote there.
 */
type Tree = any;
type Named<T = any> = { [name: string]: T };

/** An answer as a reading holds it. */
type Answer = string | number | string[] | { unknown: true } | { na: string };

interface Choice {
  id: string;
  title: string;
  was?: string;
  points?: number;
}

interface Scale {
  worst: string;
  answers: (Choice & { values?: Named<number> })[];
}

interface Question {
  id: string;
  name: string;
  kind?: 'many' | 'number' | 'text';
  scale?: number;
  points?: Named<number>;
  choices?: Choice[];
  none_of_these?: boolean;
  rating?: any;
  min?: number;
  max?: number;
  step?: number;
  possible?: number;
  whole?: boolean;
  unknown?: string;
  na?: 'required' | 'optional';
  required?: boolean;
  show?: Tree;
}

interface Section {
  id: string;
  title: string;
  questions: string[];
  show?: Tree;
}

interface Measure {
  id: string;
  name: string;
  section?: string;
  title?: string;
  format?: 'whole' | 'tenths' | 'hundredths' | 'percent';
  value: Tree;
}

interface Verdict {
  id: string;
  title: string;
  say: string;
  when?: Tree;
}

/** What is filled in: an assessment, or what a worksheet is known by. */
interface Sheet {
  id: string;
  version: number;
  was: Named<string[]>;
  questions: Question[];
}

/** The data of a page: macros/html/page_data.py. */
interface Assessment extends Sheet {
  title: string;
  chairs: string[];
  scales: Scale[];
  sections: Section[];
  measures: Measure[];
  verdicts: Verdict[];
  warnings: { id: string; say: string; when?: Tree }[];
  retired: string[];
}

/** One filled-in copy of a sheet, as it is kept. */
interface Reading {
  format: number;
  id: string;
  assessment: string;
  version: number;
  subject: string;
  chair: string;
  date: string;
  answers: Named<Answer>;
  notes: Named<string>;
  moves: Named<Named<string>>;
  send: string;
  next: string;
  changed: string;
}

interface Change {
  path: string[];
  value: any;
}

interface Coverage {
  answered: number;
  unknown: number;
  na: number;
  open: number;
  sections?: Named<Coverage>;
}

/** A change of answers that makes another verdict certain. */
interface Way {
  changes: Named<string>;
  verdict: string;
}

/** What macros/engine/score.py gives as well. */
interface Result {
  assessment: string;
  version: number;
  verdict: string | null;
  possible: string[];
  exact: boolean;
  measures: Named;
  counts: Named<number>;
  coverage: Coverage;
  warnings: string[];
  valueless: string[];
  why: { questions: string[]; measures: Named };
  distance: Way[];
  problems: { question: string; code: string }[];
}

interface Words {
  phrase(key: string, values?: Named): string;
  and(items: any[]): string;
  or(items: any[]): string;
  date(iso: string): string;
  lower(text: string): string;
  number(value: number, least: number, most: number): string;
  answer(title: string): string;
  point: string;
}

/** What is known of the way to another verdict. */
interface Outlook {
  distance: Way[];
  more: string | null;
}

interface ViewModel {
  assessment: Assessment;
  model: any;
  lines: Map<string, number>;
  words: Words;
  reading: Reading;
  answers: Map<string, any>;
  result: Result;
  shown: Set<string>;
  outlook: Outlook;
  blank: boolean;
  open: number;
  oneScale: Scale | null;
  countsAs(id: string): string;
}

interface Sentences {
  phrase: string;
  counts: string;
  verdict(id: string): Verdict;
  why(): string[];
  unknowns(): string[];
  tips(): string[];
}

interface Store {
  kind: 'indexedDB' | 'localStorage' | 'memory';
  list(sheet: Sheet): Promise<{ readings: Reading[]; newer: any[]; aside: any[] }>;
  keep(reading: Reading, changes: Change[]): Promise<Reading>;
  remove(id: string): Promise<void>;
  find(id: string): Promise<Reading | undefined>;
  allowed(): Promise<boolean>;
  allow(): Promise<void>;
}

interface AutosaveListeners {
  onReading(): void;
  onKept(changes: Change[]): void;
  onStore(): void;
}

interface Autosave {
  reading: Reading;
  store: Store | null;
  failure: string;
  ask: (() => Promise<Store>) | null;
  readonly waiting: boolean;
  change(...changes: Change[]): void;
  settled(): Promise<boolean>;
  openBlank(): void;
  openById(id: string): Promise<void>;
  clear(): Promise<(() => void) | null>;
  otherTab(change: { id?: string; cleared?: boolean }): Promise<void>;
  begin(): Promise<void>;
  agree(): Promise<void>;
  list(): Promise<{ readings: Reading[]; newer: Reading[]; later: any[]; aside: any[] }>;
}

type Notice = (key: string, text?: any, label?: string, act?: () => void) => void;

/** What the script of a kind of form says of it. */
interface FormKind {
  shown(reading: Reading): Reading;
  draw(reading: Reading, typing?: string): void;
  changes(reading: Reading, change: Change, field: any): Change[];
}

interface FormController {
  notice: Notice;
  words: Words;
  autosave: Autosave;
  start(kind: FormKind): Promise<void>;
  print(place: Element): Promise<void>;
  begin(): Promise<void>;
}

/** The one name that the scripts share; each file adds its own. */
interface Playbook {
  evaluate: any;
  outcomes: any;
  state: { scoringModel(assessment: Assessment): any; makeState(model: any, settled: any): any };
  answers: {
    accept(model: any, given: unknown): [Map<string, any>, Result['problems']];
    isUnknown(answer: unknown): boolean;
  };
  score: {
    (assessment: Assessment, reading: { answers?: unknown }, far?: boolean): Result;
    verdict(assessment: Assessment, reading: { answers: unknown }): Generator<any, string | null>;
    distance(assessment: Assessment, reading: Reading, verdict: string): Generator<Way | null>;
    shown(assessment: Assessment, reading: Reading): string[];
  };
  reading: {
    blank(sheet: Sheet): Reading;
    withChanges(reading: Reading, changes: Change[]): Reading;
    carried(reading: Reading, sheet: Sheet): Reading;
    settling(reading: Reading, sheet: Sheet, path: string[]): Change[];
    isReading(value: unknown): value is Reading;
    isNewer(value: any, sheet: { version: number }): boolean;
    isEmpty(reading: Reading): boolean;
  };
  storage: {
    open(): Promise<{ store: Store; ask: (() => Promise<Store>) | null }>;
    forgetful(): Store;
    tell(id: string, cleared?: boolean): void;
    listen(callback: (change: { id?: string; cleared?: boolean }) => void): void;
    current: { get(sheet: string): string | null; set(sheet: string, id: string): void };
  };
  Autosave: new (sheet: Sheet, listeners: AutosaveListeners) => Autosave;
  fields: {
    all(place: ParentNode): NodeListOf<any>;
    changeOf(field: any, words: Words): Change;
    fill(place: ParentNode, reading: Reading, words: Words): void;
    show(field: any, words: Words): void;
    isChosen(field: any, reading: Reading): boolean;
  };
  messages: {
    Words: new (phrases: Named) => Words;
    Sentences: new (viewModel: ViewModel) => Sentences;
  };
  measures?: {
    build(place: Element, assessment: Assessment, words: Words): any[];
    draw(cells: any[], viewModel: ViewModel): void;
    why(viewModel: ViewModel): string[];
  };
  makeViewModel(
    assessment: Assessment,
    lines: Map<string, number>,
    words: Words,
    kept: Reading,
    outlook: Outlook
  ): ViewModel;
  distance: {
    beyond(viewModel: ViewModel): Generator<void, Outlook>;
    runWhenIdle<T>(
      finish: (result: T) => void,
      pause: () => void
    ): (steps: Generator<unknown, T>) => void;
  };
  notices: {
    board(place: Element): Notice;
    notCarried(viewModel: ViewModel): string;
    element(kind: string, text: string, className: string): any;
  };
  result: {
    view(form: HTMLFormElement, assessment: Assessment, words: Words): any;
    draw(view: any, viewModel: ViewModel, typing?: string): void;
    drawRest(view: any, viewModel: ViewModel): string;
    tell(view: any, viewModel: ViewModel): string;
  };
  FormController: new (form: HTMLFormElement, sheet: Sheet, cleared?: string) => FormController;
  every(kind: string, start: (form: HTMLFormElement) => void): void;
}

interface Window {
  playbook: Playbook;
  IFrameWorker: any;
  importScripts: any;
  Worker: any;
}

interface ParentNode {
  querySelector(selector: string): any;
  querySelectorAll(selector: string): NodeListOf<any>;
}

interface EventTarget {
  name: string;
  value: any;
  readonly dataset: DOMStringMap;
  closest(selector: string): any;
}
