// Speaks the message protocol of Zoho's widget SDK as far as the widget uses it. Zoho's own script lies on their CDN and
// cannot be shipped. What is known of it, its weaknesses among that, is written down in docs/extension.md.
(() => {
  const origin = new URL(location.href).searchParams.get('serviceOrigin');
  const handlers = {};
  const waiting = new Map();
  let uniqueID;
  let counter = 100;
  let started;

  function post(message) {
    window.parent.postMessage({ ...message, appOrigin: encodeURIComponent(location.href) }, origin);
  }

  function init() {
    // Asked twice, it answers once.
    started ??= new Promise((resolve) => {
      window.addEventListener('message', (event) => {
        const message = typeof event.data === 'string' ? JSON.parse(event.data) : event.data;
        if (message.type !== 'FRAMEWORK.EVENT') return;
        // Like the real one, it looks at neither source nor origin.
        if (message.eventName === 'SET_CONTEXT') {
          uniqueID = message.data.uniqueID;
          resolve(undefined);
        } else if (/^EVENT_RESPONSE/.test(message.eventName)) {
          const { settle, fail } = waiting.get(message.promiseid) ?? {};
          waiting.delete(message.promiseid);
          if (message.eventName === 'EVENT_RESPONSE') settle?.(message.data);
          else fail?.(message.data);
        } else {
          for (const handler of handlers[message.eventName] ?? []) handler(message.data);
        }
      });
      if (origin !== null) post({ type: 'SDK.EVENT', eventName: 'REGISTER' });
    });
    return started;
  }

  function call(data) {
    if (uniqueID === undefined) throw new Error('Parentwindow reference not found');
    const promiseid = `Promise${counter++}`;
    post({
      type: 'SDK.EVENT',
      eventName: 'CRM_EVENT',
      uniqueID,
      promiseid,
      data: { ...data, sdkVersion: '1' },
    });
    return new Promise((settle, fail) => waiting.set(promiseid, { settle, fail }));
  }

  window.ZOHO = {
    embeddedApp: {
      on(event, handler) {
        handlers[event] ??= [];
        handlers[event].push(handler);
      },
      init,
    },
    CRM: {
      API: {
        getRecord: (APIData) => call({ category: 'READ', APIData }),
        getRelatedRecords: (APIData) => call({ category: 'READ', APIData }),
        updateRecord: ({ Entity, APIData, Trigger }) =>
          call({ category: 'UPDATE', type: 'RECORD', Entity, APIData: { ...APIData, trigger: Trigger } }),
        coql: (APIData) => call({ category: 'QUERY', APIData }),
        getOrgVariable: (nameSpace) => call({ category: 'CONFIG', type: 'VARIABLE', nameSpace }),
      },
      CONFIG: {
        getOrgInfo: () => call({ category: 'CONFIG', type: 'ORG' }),
        getCurrentUser: () => call({ category: 'CONFIG', type: 'CURRENT_USER' }),
        getUserPreference: () => call({ category: 'CONFIG', type: 'USER_PREFERENCE' }),
      },
      META: { getFields: ({ Entity }) => call({ category: 'META', type: 'FIELD_LIST', Entity }) },
      UI: {
        Resize: (data) => call({ category: 'UI', action: 'RESIZE', data }),
        Record: { open: (data) => call({ category: 'UI', action: { record: 'OPEN' }, data }) },
      },
    },
  };
})();
