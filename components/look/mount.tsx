import { Component, type ComponentChildren, render } from 'preact';
import { errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Problem } from '../parts/problem.tsx';
import { language } from '../text/format.ts';

/** Puts a screen into the page, in the user's language. */
export function mount(screen: ComponentChildren, title?: string): void {
  document.documentElement.lang = language();
  if (title) document.title = title;
  render(<Boundary>{screen}</Boundary>, document.body);
}

/** A fault of our own ends in a sentence and a way on, not in an empty page. */
class Boundary extends Component<{ children: ComponentChildren }, { thrown?: unknown }> {
  override state: { thrown?: unknown } = {};

  static override getDerivedStateFromError(thrown: unknown) {
    return { thrown };
  }

  override componentDidCatch(thrown: unknown) {
    console.error(thrown);
  }

  override render() {
    if (this.state.thrown === undefined) return this.props.children;
    return <Problem error={errorData(toSwitchboardError(this.state.thrown))} can={{ retry: () => location.reload() }} />;
  }
}
