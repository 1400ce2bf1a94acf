/** A stand-in for the script that pages in the Control Panel load: tells the parent window its size and wishes. */
export const appScript = `(() => {
  let settings;
  const tell = (method, data) => parent.postMessage(JSON.stringify({ ecwidAppNs: settings.app_id, method, data }), '*');
  const needed = () => { if (!settings) throw new Error('EcwidApp.init was not called'); };
  window.EcwidApp = {
    init(wish) {
      if (settings) throw new Error('EcwidApp.init was called twice');
      if (!wish || !wish.app_id) throw new Error('EcwidApp.init needs app_id');
      settings = wish;
      if (wish.autoloadedflag !== false) {
        if (document.readyState === 'complete') tell('ready', {});
        else addEventListener('load', () => tell('ready', {}));
      }
      if (wish.autoheight) {
        let last = 0;
        setInterval(() => {
          const height = document.documentElement.scrollHeight;
          if (height !== last) { last = height; tell('setSize', { height: height + 'px' }); }
        }, 333);
      }
      return window.EcwidApp;
    },
    ready() { needed(); tell('ready', {}); },
    setSize(size) { needed(); tell('setSize', { height: typeof size.height === 'number' ? size.height + 'px' : size.height }); },
    openPage(page) { needed(); tell('openPage', page); },
    sendUserToUpgrade(features, plan, period) { needed(); tell('upgradePlan', { features, plan, period }); },
    closeAppPopup() { needed(); tell('closeAppPopup'); },
    getPayload() { return undefined; },
  };
})();
`;
