extension RandomProgramRegressions {
  static let all: [Regression] = [
    Regression(
      "running sum of a running sum",
      """
      inputs 43751
      sizes 0 0 0
      { axes a0:n0 "axis0", a1:n1 ; lambda ; a:f32[7]. let
          b:f32[7] = cumsum[axis=0 reverse=False:bool[]] a
          c:f32[7] = cumsum[axis=0 reverse=False:bool[]] b
        in (c,) }
      """),
    Regression(
      "windows over two dimensions, the first of size 1",
      """
      inputs 46193 49531 32
      sizes 1 0 0
      { axes a0:n0 "axis0", a1:n1 "axis1" ; lambda ; a:i32[n0,8,3] b:i8[1,8,2,n0] c:i32[1,1,1,8]. let
          d:i32[8,3]{a0} = bind_axis[axis=0 dimension=0] a
          e:i8[1,8,2]{a0} = bind_axis[axis=0 dimension=3] b
          f:i32[8,3]{a0} = scatter[update_window_dims=(0, 2) inserted_window_dims=() operand_batching_dims=() scatter_indices_batching_dims=() scatter_dims_to_operand_dims=(0, 1) index_vector_dim=2] d e c
            { update: g:i32[]{a0} h:i32[]{a0}. let
              in (h,) }
          i:i32[n0,8,3] = unbind_axis[axis=0 dimension=0] f
        in (i,) }
      """),
    Regression(
      "a row reduced and scattered",
      """
      inputs 54750 53442
      sizes 1 1 1
      { axes a0:n0, a1:n1, a2:n2 "axis2" ; lambda ; a:f64[n1,n0,3] b:u8[n1,n0,n2,5]. let
          c:f64[n0,3]{a1} = bind_axis[axis=1 dimension=0] a
          d:f64[3]{a0,a1} = bind_axis[axis=0 dimension=0] c
          e:f64[]{a0,a1} = reduce_max[axes=(0,)] d
          f:u8[n1,n0,5]{a2} = bind_axis[axis=2 dimension=2] b
          g:u8[n0,5]{a1,a2} = bind_axis[axis=1 dimension=0] f
          h:u8[5]{a0,a1,a2} = bind_axis[axis=0 dimension=0] g
          i:f64[5]{a0,a1} = broadcast_in_dim[shape=(5,) broadcast_dimensions=()] e
          j:f64[3]{a0,a1,a2} = scatter[update_window_dims=() inserted_window_dims=(0,) operand_batching_dims=() scatter_indices_batching_dims=() scatter_dims_to_operand_dims=(0,) index_vector_dim=1] d h i
            { update: k:f64[]{a0,a1,a2} l:f64[]{a0,a1,a2}. let
              in (l,) }
          m:f64[n2,3]{a0,a1} = unbind_axis[axis=2 dimension=0] j
          n:f64[n1,n2,3]{a0} = unbind_axis[axis=1 dimension=0] m
          o:f64[n0,n1,n2,3] = unbind_axis[axis=0 dimension=0] n
        in (o,) }
      """),
    Regression(
      "least of a running maximum over an axis",
      """
      inputs 24
      sizes 0 0 0
      { axes a0:1 "axis0" ; lambda ; a:f32[1,3,3,4]. let
          b:f32[3,3,4]{a0} = bind_axis[axis=0 dimension=0] a
          c:f32[3,3,4]{a0} = cummax[axis=0 reverse=False:bool[]] b
          d:f32[3,3,4] = pmin[axis=0] c
        in (d,) }
      """),
    Regression(
      "running maximum",
      """
      inputs 5
      sizes 3, 17
      { axes a0:n0 ; lambda ; a:f32[n0,7]. let
          b:f32[7]{a0} = bind_axis[axis=0 dimension=0] a
          c:f32[7]{a0} = cummax[axis=0 reverse=False:bool[]] b
          d:f32[n0,7] = unbind_axis[axis=0 dimension=0] c
        in (d,) }
      """),
    Regression(
      "a sum over the batch as the next state of a loop",
      """
      inputs 34852
      sizes 2 0 0
      { axes a0:n0, a1:5 ; lambda ; a:f32[2,n0]. let
          b:f32[2]{a0} = bind_axis[axis=0 dimension=1] a
          c:i32[] d:f32[2]{a0} = while[form="counted" length=5] 0:i32[] b
            { cond: e:i32[] f:f32[2]{a0}. let
                g:bool[] = lt e 5:i32[]
              in (g,) }
            { body: h:i32[] i:f32[2]{a0}. let
                j:f32[2] = psum[axis=0] i
                k:i32[] = add h 1:i32[]
              in (k, j) }
          l:f32[n0,2] = unbind_axis[axis=0 dimension=0] d
        in (l,) }
      """),
    Regression(
      "a loop in another that goes on from the other's state",
      """
      inputs 1244 32 8
      sizes 0 0 0
      { axes a0:4 "axis0", a1:n1 ; lambda ; a:i16[] b:u64[1] c:i16[5]. let
          d:i32[] e:i16[5] = while 0:i32[] c
            { cond: f:i32[] g:i16[5]. let
                h:bool[] = lt f 1:i32[]
              in (h,) }
            { body: i:i32[] j:i16[5]. let
                k:i32[] l:i16[5] = while[form="counted" length=3] 0:i32[] j
                  { cond: m:i32[] n:i16[5]. let
                      o:bool[] = lt m 3:i32[]
                    in (o,) }
                  { body: p:i32[] q:i16[5]. let
                      r:i16[5] = scatter[update_window_dims=() inserted_window_dims=(0,) operand_batching_dims=() scatter_indices_batching_dims=() scatter_dims_to_operand_dims=(0,) index_vector_dim=0] j b a
                        { update: s:i16[] t:i16[]. let
                            u:i16[] = add s t
                          in (u,) }
                      v:i32[] = add p 1:i32[]
                    in (v, r) }
              in (1:i32[], l) }
        in (e,) }
      """),
    Regression(
      "windows that overlap, numbered by the last dimension of the updates",
      """
      inputs 10104 54143 0
      sizes 0 0 0
      { axes a0:n0 ; lambda ; a:i32[2,1] b:f32[11,2] c:f32[32]. let
          d:f32[32] = scatter[update_window_dims=(0,) inserted_window_dims=() operand_batching_dims=() scatter_indices_batching_dims=() scatter_dims_to_operand_dims=(0,) index_vector_dim=1] c a b
            { update: e:f32[] f:f32[]. let
              in (f,) }
        in (d,) }
      """),
    Regression(
      "a counter of a loop whose other results vary over an axis that is bound twice",
      """
      inputs 16 0 8 40 32 40 16 8
      sizes 0
      { axes a0:n0, a1:4, a2:4 ; lambda ; a:bool[] b:f32[4,1,1] c:bool[] d:f32[4,4] e:f32[4] f:f32[4] g:f32[4] h:f32[4]. let
          i:f32[]{a2} = bind_axis[axis=2 dimension=0] h
          j:f32[]{a2} = bind_axis[axis=2 dimension=0] g
          k:f32[]{a2} = bind_axis[axis=2 dimension=0] f
          l:f32[1,1]{a2} = bind_axis[axis=2 dimension=0] b
          m:f32[]{a2} n:i32[] = while i 0:i32[]
            { cond: o:f32[]{a2} p:i32[]. let
              in (c,) }
            { body: q:f32[]{a2} r:i32[]. let
              in (j, 1:i32[]) }
          s:f32[1,1]{a2} = reshape[new_sizes=(1, 1)] m
          t:f32[4,4]{a2} = dynamic_update_slice d s 0:i32[] 0:i32[]
          u:f32[]{a2} v:f32[4,4]{a2} = while k d
            { cond: w:f32[]{a2} x:f32[4,4]{a2}. let
              in (a,) }
            { body: y:f32[]{a2} z:f32[4,4]{a2}. let
                aa:f32[4,4]{a2} = dynamic_update_slice d l 0:i32[] n
              in (0.0:f32[], aa) }
          ab:f32[4,4]{a2} = add t v
          ac:f32[1]{a2} = reshape[new_sizes=(1,)] u
          ad:f32[4]{a2} = dynamic_update_slice e ac 0:i32[]
          ae:f32[4,4] = psum[axis=2] ab
          af:f32[4,4] = unbind_axis[axis=2 dimension=1] ad
          ag:f32[4,1,4] = reshape[new_sizes=(4, 1, 4)] af
          ah:f32[4,4] = reshape[new_sizes=(4, 4)] ag
          ai:f32[4]{a1} = bind_axis[axis=1 dimension=1] ah
          aj:f32[1]{a1} = dynamic_slice[slice_sizes=(1,)] ai 0:i32[]
          ak:f32[]{a1} = reshape[new_sizes=()] aj
          al:f32[1,1]{a1} = reshape[new_sizes=(1, 1)] ak
          am:f32[4,4]{a1} = dynamic_update_slice d al 0:i32[] 0:i32[]
          an:f32[4,4] = psum[axis=1] am
          ao:f32[4,4] = add ae an
        in (ao,) }
      """),
    Regression(
      "lanes along a loop of windows that reach beyond an edge",
      """
      inputs 32 32
      sizes 0
      { lambda ; a:f32[1,1,5] b:f32[1,3,6]. let
          c:f32[1,3,6] = mul b 0.03125:f32[]
          d:f32[1,2,3] = conv_general_dilated[batch_group_count=1 dimension_numbers=([1, 0, 2], [1, 0, 2], [0, 2, 1]) feature_group_count=1 lhs_dilation=(1,) padding=([2, 1],) rhs_dilation=(1,) window_reversal=(0,) window_strides=(2,)] a c
        in (d,) }
      """),
    Regression(
      "an element that is replaced by what only another loop changes",
      """
      inputs 26469 30966
      sizes 3 1 9, 2 1 9
      { axes a0:n0, a1:n1 ; lambda ; a:i16[n1,1] b:i32[n0,1,4]. let
          c:i16[1]{a1} = bind_axis[axis=1 dimension=0] a
          d:i16[]{a1} = reduce_or[axes=(0,)] c
          e:i32[]{a1} f:i16[]{a1} g:i16[1]{a1} = while 0:i32[] d c
            { cond: h:i32[]{a1} i:i16[]{a1} j:i16[1]{a1}. let
                k:bool[]{a1} = lt h 2:i32[]
                l:bool[]{a1} = lt i 7:i16[]
                m:bool[]{a1} = and k l
              in (m,) }
            { body: n:i32[]{a1} o:i16[]{a1} p:i16[1]{a1}. let
                q:i32[]{a1} = add n 1:i32[]
              in (q, o, p) }
          r:i16[1]{a1} = cummin[axis=0 reverse=False:bool[]] g
          s:i32[1,4]{a0} = bind_axis[axis=0 dimension=0] b
          t:i16[4,1] = broadcast_in_dim[shape=(4, 1) broadcast_dimensions=()] 3:i16[]
          u:i16[1]{a0,a1} = scatter[update_window_dims=(1,) inserted_window_dims=() operand_batching_dims=() scatter_indices_batching_dims=() scatter_dims_to_operand_dims=(0,) index_vector_dim=0] r s t
            { update: v:i16[]{a0,a1} w:i16[]{a0,a1}. let
                x:i16[]{a0,a1} = add v f
              in (x,) }
          y:i16[n1,1]{a0} = unbind_axis[axis=1 dimension=0] u
          z:i16[n0,n1,1] = unbind_axis[axis=0 dimension=0] y
        in (z,) }
      """),
    Regression(
      "elements whose order in memory is searched for",
      """
      inputs 39985
      sizes 0 0 0
      { axes a0:3 ; lambda ; a:f16[3,17]. let
          b:f16[17]{a0} = bind_axis[axis=0 dimension=0] a
          c:i32[17]{a0} = searchsorted[right=True:bool[]] b b
          d:i32[3,17] = unbind_axis[axis=0 dimension=0] c
        in (d,) }
      """),
    Regression(
      "the first of the sums from the end on",
      """
      inputs 35751
      sizes 0 0 0
      { axes a0:n0 "axis0" ; lambda ; a:f64[8]. let
          b:f64[8] = cumsum[axis=0 reverse=True:bool[]] a
          c:f64[2] = slice[start_indices=(0,) limit_indices=(2,) strides=(1,)] b
        in (c,) }
      """),
    Regression(
      "a state that the host takes from around its loop",
      """
      inputs 42297 24
      sizes 0 0 0
      { lambda ; a:i32[17,7] b:i32[8,6]. let
          c:i32[] d:i32[17,7] e:i32[17,7] = while[form="counted" length=5] 0:i32[] a a
            { cond: f:i32[] g:i32[17,7] h:i32[17,7]. let
                i:bool[] = lt f 5:i32[]
              in (i,) }
            { body: j:i32[] k:i32[17,7] l:i32[17,7]. let
                m:i32[17,7] = dynamic_update_slice l b 5:i32[] 0:i32[]
                n:i32[] = add j 1:i32[]
              in (n, m, a) }
        in (d,) }
      """),
  ]
}
