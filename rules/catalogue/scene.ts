// Scenes: what staff say in a situation of sales, by the two axes "does the customer like to hear it" and "does staff like to say it".

export interface Script {
  readonly id: string;
  /** 客户爱听. */
  readonly customerLikes: boolean;
  /** 员工爱说. */
  readonly staffLikes: boolean;
  readonly text: string;
}

export interface Scene {
  readonly id: string;
  readonly name: string;
  /** What customers ask about in it. */
  readonly hotTopics?: readonly string[];
  /** Ids of this catalogue. */
  readonly products?: readonly string[];
  readonly materials?: readonly string[];
  readonly scripts: readonly Script[];
}

/** The four cells, the easiest first. */
const SCENE_CELLS = [
  { customerLikes: true, staffLikes: true },
  { customerLikes: true, staffLikes: false },
  { customerLikes: false, staffLikes: true },
  { customerLikes: false, staffLikes: false },
] as const satisfies readonly Pick<Script, 'customerLikes' | 'staffLikes'>[];

export interface SceneCell extends Pick<Script, 'customerLikes' | 'staffLikes'> {
  readonly scripts: readonly Script[];
}

/** The scripts of a scene in its four cells; a cell may be empty. */
export const cellsOf = ({ scripts }: Pick<Scene, 'scripts'>): readonly SceneCell[] =>
  SCENE_CELLS.map((cell) => ({
    ...cell,
    scripts: scripts.filter(
      ({ customerLikes, staffLikes }) =>
        customerLikes === cell.customerLikes && staffLikes === cell.staffLikes,
    ),
  }));
