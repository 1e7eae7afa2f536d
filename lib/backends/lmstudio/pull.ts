import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import type { openShape } from '../openai-shaped/engine.ts';
import { sleep } from '../sleep.ts';

type AskJson = ReturnType<typeof openShape>['askJson'];

/**
 * Has LM Studio download a model, and looks how far it is. It downloads on when nobody looks any more: there is no
 * route that stops it.
 */
export async function* pullModel(askJson: AskJson, baseUrl: string, model: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
  const downloads = `${baseUrl}/api/v1/models/download`;
  let job = await askJson(downloads, signal, { json: { model } });
  const { job_id: id } = job;
  while (job.status !== 'completed' && job.status !== 'already_downloaded') {
    if (job.status === 'failed' || typeof id !== 'string')
      throw new SwitchboardError('backend-error', `${new URL(baseUrl).host} could not download the model. LM Studio itself says why.`);
    yield [loadingPart(job)];
    await sleep(pollMs, signal);
    job = await askJson(`${downloads}/status/${encodeURIComponent(id)}`, signal);
  }
  yield [{ type: 'loading', progress: 1 }];
}

function loadingPart({ status, total_size_bytes: total, downloaded_bytes: done }: Record<string, unknown>): Part {
  const isCounted = typeof total === 'number' && total > 0 && typeof done === 'number';
  return {
    type: 'loading',
    ...(isCounted && { progress: Math.min(1, done / total), bytes: Math.min(done, total), totalBytes: total }),
    ...(status === 'paused' && { what: 'paused' }),
  };
}

const pollMs = 1000;
