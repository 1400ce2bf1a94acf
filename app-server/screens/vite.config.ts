import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';
import { icons } from './icons.ts';

const iconEntry = /"[^"]*\/(regular|solid)\/([\w-]+)\.svg": \(\) => import\("([^"]+)"\)\.then\(\(m\) => m\["default"\]\),?/g;

/** Meteor's icon component knows every icon there is as a file of its own; ours are named, few, and travel with the page. */
function onlyIconsInUse(): Plugin {
  return {
    name: 'only-icons-in-use',
    enforce: 'pre',
    transform(code, id) {
      if (!/meteor-component-library\/dist\/mt-icon\.vue[^/]*\.mjs/.test(id)) return undefined;
      const imports: string[] = [];
      const kept = code.replace(iconEntry, (entry: string, mode: string, name: string, file: string) => {
        if (!icons.includes(`${mode}-${name}`)) return '';
        const local = `icon${imports.length}`;
        imports.push(`import ${local} from "${file}";`);
        return `${entry.slice(0, entry.indexOf(':'))}: () => Promise.resolve(${local}),`;
      });
      return { code: `${imports.join('\n')}\n${kept}`, map: null };
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/screens/',
  plugins: [onlyIconsInUse(), vue()],
  resolve: {
    // Meteor brings an older vue-i18n; with two of them its components would not find the one that is installed in the app.
    dedupe: ['vue', 'vue-i18n'],
  },
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: 'assets',
    // Everything is a file of our own origin: the page's Content-Security-Policy needs no data: URLs.
    assetsInlineLimit: 0,
    target: 'es2022',
  },
});
