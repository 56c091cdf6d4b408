import { defineConfig } from 'vitest/config';

/** The running product against real Alertmanager, amtool and Chromium: needs Debian's packages, so it is not `npm test`. */
export default defineConfig({
  test: {
    include: ['test/end-to-end/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
