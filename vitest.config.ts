import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [WxtVitest()],
        test: {
          name: 'unit',
          setupFiles: ['lib/backends/all.ts', 'lib/testing/focus-event.ts', 'lib/testing/fresh-storage.ts'],
          include: ['lib/**/*.test.ts', 'components/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          mockReset: true,
          restoreMocks: true,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // Two browsers and a driver on two cores: once more before a whole run is lost. Such tests are named at the end.
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
});
