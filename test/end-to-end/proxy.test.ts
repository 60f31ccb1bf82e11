import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freshFolder } from '../repository/support.ts';
import { selfSigned } from './certificate.ts';
import { startCompanyNetwork } from './proxy.ts';
import { exported, path, site, within } from './situation.ts';

test('behind a proxy, on Enterprise Server, with an authority of the company', async () => {
  await within(site, async ({ emulator, file, hub, merge, run }) => {
    const hosts = {
      'wix.example': emulator.apiUrl,
      'uploads.example': emulator.uploadUrl,
      'downloads.example': emulator.downloadUrl,
      'github.example': hub.url,
    };
    const certificate = selfSigned(Object.keys(hosts));
    const authority = join(freshFolder(), 'authority.pem');
    writeFileSync(authority, certificate.cert);
    const network = await startCompanyNetwork(hosts, certificate);
    const environment = {
      HTTPS_PROXY: network.proxyUrl,
      NODE_EXTRA_CA_CERTS: authority,
      GITHUB_API_URL: 'https://github.example/api/v3',
      GITHUB_GRAPHQL_URL: 'https://github.example/api/graphql',
    };
    const inputs = { 'api-url': 'https://wix.example' };
    try {
      const request = { command: 'export', commit: 'pull-request', ...inputs };
      const opened = await run(request, { environment, bundled: true });
      expect(opened.outputs).toMatchObject({ status: 'success', 'pull-request-number': '1' });
      expect(file(path, 'wix-cms/export')).toBe(exported);
      const event = merge({ [path]: exported.replace('Green tea', 'Sencha') });
      const imported = await run(
        { command: 'import', 'on-conflict': 'git', ...inputs },
        { event, environment, bundled: true },
      );
      expect(imported.outputs.status).toBe('success');
      expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Sencha');
      const asked = new Set(network.tunnels);
      expect([...asked].sort()).toEqual(
        Object.keys(hosts)
          .map((host) => `${host}:443`)
          .sort(),
      );
    } finally {
      await network.close();
    }
  });
});
