import { Controller } from '@nestjs/common';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, FindTools } from '@skyflo/contracts';
import { Clusters } from '../domain/ports.ts';
import { toolDescriptions } from '../tools/index.ts';
import { toolsets } from '../tools/toolsets.ts';

@Controller()
export class AnswerFindTools {
  constructor(private readonly clusters: Clusters) {}

  @Answers(FindTools)
  async handle(): Promise<AnswerOf<typeof FindTools>> {
    return { tools: [...toolDescriptions], toolsets: [...toolsets], clusters: await this.clusters.states() };
  }
}
