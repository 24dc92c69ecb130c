import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { isWorthRetrying } from '../api/hooks.ts';
import { Loading } from '../parts/page-state.tsx';
import { ADDRESSES } from './addresses.ts';
import { ConnectionGate } from './connection.tsx';
import { Home } from './home.tsx';
import { Layout } from './layout.tsx';
import { NotFound } from './not-found.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { innerPages, type Page, pages } from './pages.ts';
import { SessionGate } from './session.tsx';
import { styleNonce } from './style-nonce.ts';
import { cssVariables, theme } from './theme.ts';
import { OpenVisits } from './visit-banner.tsx';

const queries = new QueryClient({
  defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 15_000 } },
});

function Shown({ page: { id, Component } }: { readonly page: Pick<Page, 'id' | 'Component'> }) {
  const content = (
    <PageBoundary key={id}>
      <Suspense fallback={<Loading />}>
        <Component />
      </Suspense>
    </PageBoundary>
  );
  if (!ADDRESSES[id].startsWith('/c/')) return content;
  return (
    <ConnectionGate>
      <OpenVisits />
      {content}
    </ConnectionGate>
  );
}

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queries}>
        <Suspense fallback={<Loading />}>
          <SessionGate>
            <Layout>
              <Switch>
                <Route path="/">
                  <Home />
                </Route>
                {[...pages, ...innerPages].map((page) => (
                  <Route key={page.id} path={ADDRESSES[page.id]}>
                    <Shown page={page} />
                  </Route>
                ))}
                <Route>
                  <NotFound />
                </Route>
              </Switch>
            </Layout>
          </SessionGate>
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  );
}
