import { useSignal } from '@preact/signals';
import type { PoolConfig, PoolMember } from '../../lib/backends/pool.ts';
import type { JsonValue } from '../../lib/protocol/json.ts';
import type { ConnectionForm } from './form.ts';

/** A member while it is edited. Its key stays when it moves, so that the focus stays with it. */
export interface Row {
  key: number;
  member: PoolMember;
}

/** The members of a pool's form, and what can be done with them. */
export function usePoolRows(form: ConnectionForm) {
  const rows = useSignal<Row[]>((form.config.value as unknown as PoolConfig).members.map((member, key) => ({ key, member })));
  const change = (all: Row[]) => {
    rows.value = all;
    form.setConfig('members', all.map(({ member }) => member) as unknown as JsonValue);
  };
  return {
    all: rows.value,
    add(connectionId: string): void {
      const key = Math.max(-1, ...rows.value.map((row) => row.key)) + 1;
      change([...rows.value, { key, member: { connectionId } }]);
    },
    remove(row: Row): void {
      change(rows.value.filter(({ key }) => key !== row.key));
    },
    /** Returns its new place. */
    move(row: Row, by: 1 | -1): number {
      const from = rows.value.findIndex(({ key }) => key === row.key);
      const to = Math.max(0, Math.min(rows.value.length - 1, from + by));
      const others = rows.value.filter(({ key }) => key !== row.key);
      change([...others.slice(0, to), row, ...others.slice(to)]);
      return to;
    },
    /** Without a model the one that the connection answers with by default. */
    setModel(row: Row, model: string): void {
      const { connectionId } = row.member;
      const member = model === '' ? { connectionId } : { connectionId, model };
      change(rows.value.map((each) => (each.key === row.key ? { ...each, member } : each)));
    },
  };
}
