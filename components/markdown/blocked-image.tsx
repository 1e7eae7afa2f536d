import { useSignal } from '@preact/signals';
import { ImageOff } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { t } from '../text/t.ts';

interface Props {
  address: string;
  description: string;
}

/**
 * An image in an answer: its address may carry what was said in the chat to a stranger, so nothing is loaded until the
 * user asks for it, and then without cookies, referrer or redirects.
 */
export function BlockedImage({ address, description }: Props) {
  const state = useSignal<'blocked' | 'loading' | 'failed' | { url: string }>('blocked');
  useEffect(() => () => void (typeof state.value === 'object' && URL.revokeObjectURL(state.value.url)), []);

  if (typeof state.value === 'object') return <img src={state.value.url} alt={description} />;
  const host = imageHost(address);
  if (host === undefined) return <span class="quiet">[{description || t('image')}]</span>;
  const load = async () => {
    state.value = 'loading';
    state.value = await loadImage(address).catch(() => 'failed' as const);
  };
  return (
    <button type="button" class="button small image" onClick={load} disabled={state.value === 'loading'} title={address.slice(0, 300)}>
      <ImageOff size={15} />
      <span class="any-break">
        {description && `${description} · `}
        {state.value === 'failed' ? t('imageFailed', { host }) : host ? t('imageShow', { host }) : t('imageShowInline')}
      </span>
    </button>
  );
}

/** Whom loading would tell; empty for an image that is in the text itself; undefined where there is nothing to load. */
export function imageHost(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, host, username } = new URL(address);
  if (protocol === 'data:') return /^data:image\/(png|jpeg|gif|webp|avif);/i.test(address) ? '' : undefined;
  return /^https?:$/.test(protocol) && !username ? host : undefined;
}

/** As bytes and not as an address for the page: the extension's pages take no foreign resources (COEP). */
async function loadImage(address: string): Promise<{ url: string }> {
  const response = await fetch(address, { credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', cache: 'no-store' });
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok || !/^image\/(png|jpeg|gif|webp|avif)/i.test(type)) throw new TypeError('not an image');
  return { url: URL.createObjectURL(await response.blob()) };
}
