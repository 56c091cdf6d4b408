import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { buildStacks } from './build-stacks.ts';
import { bundleFunctions, compilePolicy, PolicyRefused } from './bundle.ts';
import { readStage, StageRefused } from './stage.ts';

/** The CDK app: `npx cdk deploy --all -c environment=<name>`. Needs neither network nor credentials to synthesize. */
try {
  const app = new App();
  const stage = readStage(app.node.getAllContext());
  const { environment } = stage;
  const outdir = fileURLToPath(new URL(`../.bundle/${environment}`, import.meta.url));
  const bundles = await bundleFunctions({ outdir, environment });
  const policy = compilePolicy(environment, () => {});
  buildStacks(app, { stage, policy, bundles });
  app.synth();
} catch (error) {
  if (!(error instanceof StageRefused || error instanceof PolicyRefused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
