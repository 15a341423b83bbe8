// What tsc does not see: classic scripts of ES2022, one constant a line, text only as text.
import js from './node_modules/@eslint/js/src/index.js';

const MARKUP = ['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((property) => ({
  property,
  message: 'Text goes in as text.',
}));

export default [
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: 'script' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-restricted-properties': ['error', ...MARKUP],
      'no-undef': 'off', // tsc knows the names of a browser
      'no-unused-vars': ['error', { varsIgnorePattern: '^_$', argsIgnorePattern: '^_$' }],
      'no-var': 'error',
      'one-var': ['error', 'never'],
      'prefer-const': 'error',
      strict: ['error', 'global'],
    },
  },
];
