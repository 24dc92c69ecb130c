import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './shell/admin.css';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.tsx';
import { styleNonce } from './shell/style-nonce.ts';
import { startTexts } from './shell/texts.ts';

// The scroll lock of dialogs writes a style element of its own and asks get-nonce for the proof that it may.
setNonce(styleNonce());
await startTexts();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element "root"');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
