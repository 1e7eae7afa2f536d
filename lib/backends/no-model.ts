import { SwitchboardError } from '../protocol/errors.ts';

/** The server answers and has nothing loaded. Pages are shown this, so it names no host and no service. */
export function noModel(nextStep = "Load one from the list in the connection's settings, then try again."): SwitchboardError {
  return new SwitchboardError('model-not-found', `The model's server has no model loaded. ${nextStep}`);
}
