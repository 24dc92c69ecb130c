import { Component, type ReactNode } from 'react';
import { ProblemAlert } from '../parts/problem-alert.tsx';

/** A fault in one page leaves the navigation standing. A class, because React offers this to classes only. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: null };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <ProblemAlert error={this.state.error} onRetry={() => location.reload()} />;
  }
}
