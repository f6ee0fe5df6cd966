// The program and the browser that all journeys share, and the list of pages.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

// Every page of the site, English beside French.
export const PAGES = [
  ['/en', '/fr'],
  ['/en/images', '/fr/images'],
  ['/en/images?q=ngix&status=under_consideration', '/fr/images?q=ngix&status=under_consideration'],
  ['/en/images?q=zookeeper', '/fr/images?q=zookeeper'],
  ['/en/images?per-page=10&page=2', '/fr/images?per-page=10&page=2'],
  ['/en/images/openjdk-jdk-jre', '/fr/images/openjdk-jdk-jre'],
  ['/en/images/net-sdk?tag=%3F', '/fr/images/net-sdk?tag=%3F'],
  ['/en/images/nginx', '/fr/images/nginx'],
  ['/en/images/nginx/changes', '/fr/images/nginx/changements'],
  ['/en/departments', '/fr/ministeres'],
  ['/en/departments/CSE', '/fr/ministeres/CST'],
  ['/en/guidance', '/fr/guides'],
  ['/en/guidance/using-images', '/fr/guides/utiliser-les-images'],
  ['/en/guidance/portal', '/fr/guides/portail'],
  ['/en/guidance/procurement', '/fr/guides/approvisionnement'],
  ['/en/guidance/questions', '/fr/guides/questions'],
  ['/en/guidance/policies', '/fr/guides/politiques'],
  ['/en/guidance/staff', '/fr/guides/personnel'],
  ['/en/requests/new?image=redis', '/fr/demandes/nouvelle?image=redis'],
  ['/en/requests', '/fr/demandes'],
  ['/en/demand', '/fr/besoins'],
  ['/en/rounds', '/fr/rondes'],
  ['/en/reports', '/fr/rapports'],
  ['/en/reports/overview', '/fr/rapports/apercu'],
  ['/en/reports/changed?from=2026-01-01', '/fr/rapports/changements?from=2026-01-01'],
  ['/en/reports/renewals', '/fr/rapports/renouvellements'],
  ['/en/reports/pooling', '/fr/rapports/mise-en-commun'],
  ['/en/check', '/fr/verifier'],
  ['/en/feedback/new', '/fr/commentaires/nouveau'],
  ['/en/follow?image=nginx', '/fr/suivre?image=nginx'],
  ['/en/feedback', '/fr/commentaires'],
  ['/en/changes', '/fr/changements'],
  ['/en/changes/2', '/fr/changements/2'],
  ['/en/api', '/fr/api'],
  ['/en/accessibility', '/fr/accessibilite'],
  ['/en/sign-in', '/fr/ouvrir-session'],
  ['/en/privacy', '/fr/confidentialite'],
  ['/en/nowhere', '/fr/nulle-part'],
];

// A port that is free now, below those that the kernel gives to outgoing connections.
export async function freePort(first = 21000) {
  for (let port = first + (process.pid % 5000); ; port += 1) {
    const free = await new Promise((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

// Starts the program on an empty data folder; resolves when it has said that it is ready.
export async function startSite(settings = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'journeys-'));
  const port = await freePort();
  const program = spawn(process.env.PROGRAM ?? 'target/debug/image-catalogue', [], {
    env: { ...process.env, DATABASE_URL: '', DATA_DIR: join(folder, 'data'), LISTEN: `127.0.0.1:${port}`, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => program.once('exit', resolve));
  let said = '';
  await new Promise((resolve, reject) => {
    program.stdout.on('data', (text) => {
      said += text;
      if (said.includes('ready')) resolve();
    });
    ended.then((code) => reject(new Error(`the program ended with ${code}`)));
  });
  const stop = async () => {
    program.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  // The one-time link of the first administrator, printed after the ready line.
  const firstLink = async () => {
    for (let wait = 0; wait < 50 && !/\/link\/\w{64}\s/.test(said); wait += 1) {
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    return said.match(/http\S+\/en\/sign-in\/link\/\w{64}/)[0];
  };
  return { origin: `http://127.0.0.1:${port}`, firstLink, stop };
}

export const startBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
