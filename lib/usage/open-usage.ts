import { createLedger, type Ledger } from './ledger.ts';
import { type ActivityLog, createActivityLog } from './log.ts';
import { usageDatabase } from './rows.ts';

/** What was spent and what was asked, as kept on this device. */
export function openUsage(): { ledger: Ledger; log: ActivityLog } {
  return { ledger: createLedger(usageDatabase), log: createActivityLog(usageDatabase) };
}
